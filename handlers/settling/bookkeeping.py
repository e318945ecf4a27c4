"""Bookkeeping: how the ledger remembers each event about attempts and the posts on our profile."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from handlers.entries import without
from handlers.in_force import whole_account
from handlers.settling.ledger import Explained, Ledger
from handlers.settling.mark import read
from handlers.settling.sightings import Attempt, Standing
from handlers.settling.sweep import Sweep
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

REMEMBERED_POSTS = 600
"""How many explained posts are kept, to tell a duplicate or a disappearance."""

LEGACY_POSTS = 1000
"""How many of an older system's posts are known by id; far more than a reading shows."""


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
        attempts=without(ledger.attempts, event.permit_id),
        texts=without(ledger.texts, event.permit_id),
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
            return replace(ledger, attempts=without(ledger.attempts, event.permit_id))
        case PostingSuccess() | LateConfirmed():
            return settled(ledger, event, recorded.at)
        case GhostDetected() | PostPredatesLog():
            entry = {event.posted_id: Explained(ours=False)}
            return replace(ledger, posts=_recent(ledger.posts | entry))
        case PostDisappeared() if event.posted_id in ledger.posts:
            gone = replace(ledger.posts[event.posted_id], gone=True)
            return replace(ledger, posts=ledger.posts | {event.posted_id: gone})
        case ProfileRead() if event.reading_id == ledger.reading:
            return read(ledger, event, recorded.at)
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


def _recent(entries: dict[str, Any]) -> dict[str, Any]:
    return dict(list(entries.items())[-REMEMBERED_POSTS:])


by_account: Fold[Ledger] = Fold(state=Ledger, initial=Ledger(), key=whole_account, evolve=_evolve)
