"""The ledger: what the reconciler remembers of attempts, and of the posts on our profile."""

from __future__ import annotations

from datetime import datetime

import msgspec

from handlers.settling.sightings import Attempt
from handlers.settling.sweep import Sweep
from schema.events.ghosts import ProfileRead
from schema.ids import ReadingId


class Explained(msgspec.Struct, frozen=True):
    """A post on our profile that needs no more explaining, known `since` this time."""

    ours: bool
    text: str = ""
    target_post_id: str | None = None
    posted_at: datetime | None = None
    since: datetime | None = None
    gone: bool = False


class Ledger(msgspec.Struct, frozen=True):
    """The epoch, texts accepted by permit, open attempts by permit, and posts by id.

    `reading` is the one ordered last, of the sweep that is under way; `reconciled` is where it goes
    back to. `legacy` are an older system's newest posts by id. `clean_since` is when something was
    amiss last, the epoch if nothing was.
    """

    epoch: datetime | None = None
    texts: dict[str, str] = {}
    attempts: dict[str, Attempt] = {}
    posts: dict[str, Explained] = {}
    reconciled: str | None = None
    reading: ReadingId | None = None
    sweep: Sweep = Sweep()
    legacy: dict[str, datetime] = {}
    clean_since: datetime | None = None

    def began_after(self, event: ProfileRead, moment: datetime | None) -> bool:
        """Say whether this reading's sweep certainly shows what was there at the moment."""
        return (
            self.reading == event.reading_id
            and self.sweep.began is not None
            and moment is not None
            and self.sweep.began >= moment
        )

    def goes_on(self, event: ProfileRead) -> bool:
        """Say whether the sweep is to go on where this reading stopped."""
        is_last = self.reading == event.reading_id
        return is_last and self.sweep.goes_on(event, self.epoch, self.attempts.values())
