"""The ledger: what the reconciler remembers of attempts, and of the posts on our profile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers.in_force import whole_account
from handlers.sightings import CLOCK_TOLERANCE, Attempt, Standing
from handlers.sweep import Sweep
from schema.contracts import Fold, Recorded
from schema.events.base import OfPermit, permit_ids
from schema.events.drafting import DraftAccepted
from schema.events.ghosts import (
    GhostDetected,
    PostDisappeared,
    PostPredatesLog,
    ProfileRead,
    ProfileReadFailed,
    ProfileReadOrdered,
)
from schema.events.legacy import LegacyPostImported
from schema.events.operations import AccountOpened, MessageParked
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    ClickRejected,
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
)
from schema.ids import ReadingId

REMEMBERED_POSTS = 600
"""How many explained posts are kept, to tell a duplicate or a disappearance."""

LEGACY_POSTS = 1000
"""How many of an older system's posts are known by id; far more than a reading shows."""

LATE_SIGHTING = timedelta(hours=24)
"""How long readings still go back far enough to show the post of an abandoned attempt."""


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


def counted(ledger: Ledger, attempt: Attempt, event: ProfileRead) -> int:
    """Return how many complete readings did not show an unknown attempt, with this one."""
    counts = event.complete and ledger.began_after(event, attempt.unknown_at)
    return attempt.readings + counts


def settled(ledger: Ledger, event: PostingSuccess | LateConfirmed, at: datetime) -> Ledger:
    """Close the attempt that this post proves, and know the post."""
    attempt = ledger.attempts.get(str(event.permit_id))
    explained = Explained(
        ours=True,
        text=attempt.text if attempt else "",
        target_post_id=event.target_post_id,
        posted_at=event.posted_at,
        since=at,
    )
    return replace(
        ledger,
        attempts=_without(ledger.attempts, event.permit_id),
        texts=_without(ledger.texts, event.permit_id),
        posts=_recent(ledger.posts | {event.posted_id: explained}),
    )


def _evolve(ledger: Ledger, recorded: Recorded[Any]) -> Ledger:
    event = recorded.event
    if _is_amiss(event):
        ledger = replace(ledger, clean_since=recorded.at)
    match event:
        case AccountOpened():
            return replace(ledger, epoch=recorded.at, clean_since=recorded.at)
        case LegacyPostImported():
            return _inherited(ledger, event)
        case ProfileReadOrdered():
            return _ordered(ledger, event, recorded.at)
        case MessageParked(queue="profile"):
            return replace(ledger, sweep=Sweep(began=ledger.sweep.began))
        case ProfileReadFailed() if event.reading_id == ledger.reading:
            return replace(ledger, sweep=Sweep(began=ledger.sweep.began))
        case DraftAccepted():
            return replace(ledger, texts=_recent(ledger.texts | {str(event.permit_id): event.text}))
        case ClickAttempt():
            return _attempted(ledger, event, recorded)
        case OutcomeUnknown():
            return _stand(ledger, event, recorded, Standing.UNKNOWN)
        case OutcomeAbandoned():
            return _stand(ledger, event, recorded, Standing.ABANDONED)
        case ClickNotSent() | ClickRejected():
            return replace(ledger, attempts=_without(ledger.attempts, event.permit_id))
        case PostingSuccess() | LateConfirmed():
            return settled(ledger, event, recorded.at)
        case GhostDetected() | PostPredatesLog():
            entry = {event.posted_id: Explained(ours=False)}
            return replace(ledger, posts=_recent(ledger.posts | entry))
        case PostDisappeared():
            gone = replace(ledger.posts[event.posted_id], gone=True)
            return replace(ledger, posts=ledger.posts | {event.posted_id: gone})
        case ProfileRead() if event.reading_id == ledger.reading:
            return _read(ledger, event, recorded.at)
        case _:
            return ledger


def _is_amiss(event: Any) -> bool:
    """Say whether the next readings should come soon: something is open, or was not seen."""
    match event:
        case GhostDetected() | OutcomeUnknown() | PostDisappeared() | ProfileReadFailed():
            return True
        case ProfileRead(complete=complete):
            return not complete
        case _:
            return False


def _inherited(ledger: Ledger, event: LegacyPostImported) -> Ledger:
    """Know an older system's post by its id, if it is from before the epoch."""
    if event.posted_id is None or ledger.epoch is None or event.posted_at >= ledger.epoch:
        return ledger
    legacy = ledger.legacy | {event.posted_id: event.posted_at}
    if len(legacy) > LEGACY_POSTS:
        del legacy[min(legacy, key=lambda post_id: (legacy[post_id], post_id))]
    return replace(ledger, legacy=legacy)


def _ordered(ledger: Ledger, event: ProfileReadOrdered, at: datetime) -> Ledger:
    began = at if event.older_than is None else ledger.sweep.began
    sweep = Sweep() if event.older_than is None else ledger.sweep
    sweep = replace(sweep, began=began, awaited_since=at)
    return replace(ledger, reading=event.reading_id, sweep=sweep)


def _attempted(ledger: Ledger, event: ClickAttempt, recorded: Recorded[Any]) -> Ledger:
    ids = {k: None if v is None else str(v) for k, v in permit_ids(event).items()}
    del ids["target_post_id"]
    attempt = Attempt(
        ids=ids,
        last=recorded.event_id,
        standing=Standing.SPENT,
        text=ledger.texts.get(str(event.permit_id), ""),
        text_hash=event.text_hash,
        target_post_id=event.target_post_id,
        attempted_at=recorded.at,
        order=recorded.cause,
    )
    return replace(ledger, attempts=ledger.attempts | {str(event.permit_id): attempt})


def _stand(ledger: Ledger, event: OfPermit, recorded: Recorded[Any], standing: Standing) -> Ledger:
    attempt = ledger.attempts.get(str(event.permit_id))
    if attempt is None:
        return ledger
    unknown_at = recorded.at if standing is Standing.UNKNOWN else attempt.unknown_at
    now = replace(attempt, standing=standing, last=recorded.event_id, unknown_at=unknown_at)
    return replace(ledger, attempts=ledger.attempts | {str(event.permit_id): now})


def _read(ledger: Ledger, event: ProfileRead, at: datetime) -> Ledger:
    """Count a complete sweep for each unknown, and move the mark sweeps go back to.

    One that ended too early moves the mark, too: were the marked post deleted, or never reached on
    a long profile, no sweep would be complete again.
    """
    mark = ledger.sweep.mark or _mark(ledger, event, at, LATE_SIGHTING)
    if ledger.goes_on(event):
        shown = ledger.sweep.shown + len(event.posts)
        return replace(ledger, sweep=replace(ledger.sweep, shown=shown, mark=mark))
    ended = replace(ledger, sweep=Sweep(began=ledger.sweep.began))
    if not event.complete and not event.posts:
        return ended
    attempts = {
        key: replace(a, readings=counted(ledger, a, event)) if a.standing is Standing.UNKNOWN else a
        for key, a in ledger.attempts.items()
    }
    if mark is None and not event.complete:
        mark = _mark(ledger, event, at, timedelta())
    return replace(ended, attempts=attempts, reconciled=mark or ledger.reconciled)


def _mark(ledger: Ledger, event: ProfileRead, at: datetime, patience: timedelta) -> str | None:
    """Return the newest known post that is older than what may still appear.

    An abandoned attempt is waited for with this patience; other open ones always are.
    """
    awaited = [
        a.attempted_at - CLOCK_TOLERANCE
        for a in ledger.attempts.values()
        if a.standing is not Standing.ABANDONED or at - a.attempted_at < patience
    ]
    oldest_open = min(awaited, default=None)
    for post in event.posts:
        old_enough = oldest_open is None or (post.posted_at and post.posted_at < oldest_open)
        if post.post_id in ledger.posts and old_enough:
            return post.post_id
    return None


def _without(entries: dict[str, Any], key: object) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if name != str(key)}


def _recent(entries: dict[str, Any]) -> dict[str, Any]:
    return dict(list(entries.items())[-REMEMBERED_POSTS:])


by_account: Fold[Ledger] = Fold(state=Ledger, initial=Ledger(), key=whole_account, evolve=_evolve)
