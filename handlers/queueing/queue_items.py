"""Queue items: which candidates wait for a slot, and whether one was ever queued."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers.entries import without
from handlers.in_force import whole_account
from schema.contracts import Fold, Recorded
from schema.events.base import Event, OfCandidate, OfDecision
from schema.events.judging import CandidateRejected
from schema.events.posting import ClickAttempt, PostingSuccess
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.events.scheduling import DecisionMade
from schema.ids import CandidateId, EvaluationId, QueueId


class Item(msgspec.Struct, frozen=True):
    """One live queue item."""

    candidate_id: CandidateId
    evaluation_id: EvaluationId
    queue_id: QueueId
    expires_at: datetime
    selected_at: datetime | None = None
    decided: bool = False
    attempted: bool = False
    author: str = ""
    post_id: str = ""


class Live(msgspec.Struct, frozen=True):
    """The live items by queue id."""

    items: dict[str, Item] = {}


class Once(msgspec.Struct, frozen=True):
    """Whether this candidate was ever queued."""

    queued: bool = False


def _evolve_live(state: Live, recorded: Recorded[Any]) -> Live:
    event = recorded.event
    match event:
        case CandidateQueued():
            item = Item(
                event.candidate_id,
                event.evaluation_id,
                event.queue_id,
                event.expires_at,
                author=event.post.author,
                post_id=event.post.post_id,
            )
            return Live(items=state.items | {str(event.queue_id): item})
        case CandidateSelected():
            return _change(state, event.queue_id, selected_at=recorded.at, decided=False)
        case DecisionMade():
            return _change(state, event.queue_id, decided=True)
        case ClickAttempt():
            return _change(state, event.queue_id, attempted=True)
        case CandidateReleased():
            return _change(state, event.queue_id, selected_at=None, decided=False)
        case CandidateExpired() | CandidateRejected() | PostingSuccess():
            return Live(items=without(state.items, event.queue_id))
        case _:
            return state


def _change(state: Live, queue_id: QueueId | None, **fields: Any) -> Live:
    item = state.items.get(str(queue_id))
    if item is None:
        return state
    return Live(items=state.items | {str(queue_id): replace(item, **fields)})


def _candidate_key(event: Event) -> str | None:
    if isinstance(event, OfCandidate | OfDecision) and event.candidate_id is not None:
        return str(event.candidate_id)
    return None


def _evolve_once(state: Once, recorded: Recorded[Any]) -> Once:
    return Once(queued=True) if isinstance(recorded.event, CandidateQueued) else state


live_items: Fold[Live] = Fold(state=Live, initial=Live(), key=whole_account, evolve=_evolve_live)
by_candidate: Fold[Once] = Fold(state=Once, initial=Once(), key=_candidate_key, evolve=_evolve_once)
