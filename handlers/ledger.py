"""The ledger: what the reconciler remembers of attempts, and of the posts on our profile."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers.in_force import whole_account
from handlers.sightings import CLOCK_TOLERANCE, Attempt, Standing
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
from schema.events.operations import AccountOpened
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

REMEMBERED_POSTS = 400
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

    `reading` is the one ordered last, at `ordered_at`, for at most `limit` posts; `reconciled` is
    where it goes back to. `legacy` are an older system's newest posts by id. `clean_since` is when
    something was amiss last, the epoch if nothing was.
    """

    epoch: datetime | None = None
    texts: dict[str, str] = {}
    attempts: dict[str, Attempt] = {}
    posts: dict[str, Explained] = {}
    reconciled: str | None = None
    ordered_at: datetime | None = None
    reading: ReadingId | None = None
    limit: int = 60
    legacy: dict[str, datetime] = {}
    clean_since: datetime | None = None

    def began_after(self, event: ProfileRead, moment: datetime | None) -> bool:
        """Say whether this reading certainly shows what was on the profile at the moment."""
        return (
            self.reading == event.reading_id
            and self.ordered_at is not None
            and moment is not None
            and self.ordered_at >= moment
        )


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
            return replace(
                ledger, ordered_at=recorded.at, reading=event.reading_id, limit=event.limit
            )
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
        case ProfileRead():
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
    """Count a complete reading for each unknown, and move the mark readings go back to.

    A reading that stopped at its limit moves the mark, too: were the marked post deleted, or never
    reached on a long profile, no reading would be complete again.
    """
    if not event.complete and len(event.posts) < ledger.limit:
        return ledger
    attempts = {
        key: replace(a, readings=counted(ledger, a, event)) if a.standing is Standing.UNKNOWN else a
        for key, a in ledger.attempts.items()
    }
    return replace(ledger, attempts=attempts, reconciled=_mark(ledger, event, at))


def _mark(ledger: Ledger, event: ProfileRead, at: datetime) -> str | None:
    """Return the newest known post older than what may still appear, else the mark as it is.

    A reading too short to reach the mark waits for no abandoned attempt any more.
    """
    patience = LATE_SIGHTING if event.complete else timedelta()
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
    return ledger.reconciled


def _without(entries: dict[str, Any], key: object) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if name != str(key)}


def _recent(entries: dict[str, Any]) -> dict[str, Any]:
    return dict(list(entries.items())[-REMEMBERED_POSTS:])


by_account: Fold[Ledger] = Fold(state=Ledger, initial=Ledger(), key=whole_account, evolve=_evolve)
