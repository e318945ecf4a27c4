"""The queue: one row per queue item, from waiting to its end."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.judging import CandidateRejected, Tier
from schema.events.posting import LateConfirmed, PostingSuccess
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.ids import CandidateId, EvaluationId, QueueId, SchedulerRunId
from schema.posts import Source

Hears = (
    CandidateQueued
    | CandidateSelected
    | CandidateReleased
    | CandidateExpired
    | CandidateRejected
    | PostingSuccess
    | LateConfirmed
)


class QueueStatus(StrEnum):
    """Where a queue item is."""

    QUEUED = "queued"  # ends by selection, expiry or rejection
    SELECTED = "selected"  # ends by a post, a release or rejection
    POSTED = "posted"
    EXPIRED = "expired"
    REJECTED = "rejected"


class QueueItem(msgspec.Struct, frozen=True, kw_only=True):
    """One candidate that passed."""

    queue_id: QueueId
    evaluation_id: EvaluationId
    candidate_id: CandidateId
    candidate_post_id: str
    author: str
    source: Source
    tier: Tier
    score: float
    status: QueueStatus
    reason: str
    scheduler_run_id: SchedulerRunId | None
    created_at: datetime
    expires_at: datetime
    selected_at: datetime | None


def key(event: Event) -> str | None:
    """Rows are queue items."""
    queue_id = getattr(event, "queue_id", None)
    return None if queue_id is None else str(queue_id)


def evolve(row: QueueItem | None, recorded: Recorded[Hears]) -> QueueItem | None:
    """Remember what happened to the item."""
    event = recorded.event
    if isinstance(event, CandidateQueued):
        return _queued(event, recorded.at)
    if row is None:
        return None
    match event:
        case CandidateSelected():
            return replace(
                row,
                status=QueueStatus.SELECTED,
                selected_at=recorded.at,
                scheduler_run_id=event.scheduler_run_id,
            )
        case CandidateReleased():
            return replace(
                row,
                status=QueueStatus.QUEUED,
                selected_at=None,
                scheduler_run_id=None,
                reason=event.reason,
            )
        case CandidateExpired():
            return replace(row, status=QueueStatus.EXPIRED, reason="expired")
        case CandidateRejected():
            return replace(row, status=QueueStatus.REJECTED, reason=event.reason)
        case PostingSuccess() | LateConfirmed():
            return replace(row, status=QueueStatus.POSTED, reason="")


def _queued(event: CandidateQueued, at: datetime) -> QueueItem:
    return QueueItem(
        queue_id=event.queue_id,
        evaluation_id=event.evaluation_id,
        candidate_id=event.candidate_id,
        candidate_post_id=event.post.post_id,
        author=event.post.author,
        source=event.source,
        tier=event.tier,
        score=event.score,
        status=QueueStatus.QUEUED,
        reason="",
        scheduler_run_id=None,
        created_at=at,
        expires_at=event.expires_at,
        selected_at=None,
    )


queue: Projector[Any] = Projector(
    name="queue", row=QueueItem, keyed="queue_id", hears=get_args(Hears), key=key, evolve=evolve
)
