"""The content: one row per decision, with its text and how far that has come."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.drafting import DraftAccepted, DraftCreated, DraftRejected
from schema.events.permitting import PermitCreated, PermitRejected, PermitRevoked, RevokeReason
from schema.events.posting import (
    ClickBlocked,
    ClickNotSent,
    ClickRejected,
    ClickWithheld,
    LateConfirmed,
    OutcomeAbandoned,
    PostingFailed,
    PostingSuccess,
)
from schema.events.scheduling import DecisionMade, DecisionType
from schema.ids import DecisionId, EvaluationId, QueueId, SchedulerRunId

Hears = (
    DecisionMade
    | PermitCreated
    | PermitRejected
    | PermitRevoked
    | DraftCreated
    | DraftAccepted
    | DraftRejected
    | PostingFailed
    | ClickBlocked
    | ClickWithheld
    | ClickNotSent
    | ClickRejected
    | OutcomeAbandoned
    | PostingSuccess
    | LateConfirmed
)


class ContentStatus(StrEnum):
    """How far a decision's text has come."""

    DRAFTING = "drafting"  # ends by an accepted draft, or with the decision
    QUEUED = "queued"  # accepted; stays so after an attempt until its outcome is known
    POSTED = "posted"
    FAILED = "failed"  # ends, if ever, by a late sighting
    CANCELLED = "cancelled"  # ends, if ever, by a new permit


class Generation(StrEnum):
    """Who wrote the text."""

    REAL = "real"
    SYNTHETIC = "synthetic"  # a test double of the model; never in live mode


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """One decision. An original post has no evaluation, queue item or target."""

    decision_id: DecisionId
    decision_type: DecisionType
    pipeline_source: str
    evaluation_id: EvaluationId | None
    queue_id: QueueId | None
    scheduler_run_id: SchedulerRunId
    target_post_id: str | None
    target_author: str | None
    status: ContentStatus
    generation_source: Generation
    content: str | None
    scheduled_at: datetime
    created_at: datetime


PASSING = {RevokeReason.POSTING_STOPPED, RevokeReason.POSTING_FAILED, RevokeReason.DRAFT_REJECTED}
"""Revocations after which a new permit comes, or after which another event said the end."""


def key(event: Event) -> str | None:
    """Rows are decisions."""
    return str(event.decision_id) if isinstance(event, get_args(Hears)) else None


def evolve(row: Content | None, recorded: Recorded[Hears]) -> Content | None:
    """Remember the text, and what became of it."""
    event = recorded.event
    if isinstance(event, DecisionMade):
        return _decided(event, recorded.at)
    if row is None:
        return None
    match event:
        case DraftCreated():
            written_by = Generation.SYNTHETIC if event.synthetic else Generation.REAL
            return replace(row, generation_source=written_by)
        case DraftAccepted():
            return replace(row, status=ContentStatus.QUEUED, content=event.text)
        case PermitCreated():
            return _renewed(row)
        case PostingSuccess() | LateConfirmed():
            return replace(row, status=ContentStatus.POSTED)
        case PermitRejected() | ClickWithheld():
            return replace(row, status=ContentStatus.CANCELLED)
        case PermitRevoked():
            return row if event.reason in PASSING else replace(row, status=ContentStatus.CANCELLED)
        case DraftRejected() | PostingFailed():
            return replace(row, status=ContentStatus.FAILED) if event.final else row
        case ClickBlocked() | ClickNotSent() | ClickRejected() | OutcomeAbandoned():
            return replace(row, status=ContentStatus.FAILED)


def _renewed(row: Content) -> Content:
    """Take the decision up again under its new permit."""
    if row.status is ContentStatus.POSTED:
        return row
    return replace(
        row, status=ContentStatus.DRAFTING if row.content is None else ContentStatus.QUEUED
    )


def _decided(event: DecisionMade, at: datetime) -> Content:
    return Content(
        decision_id=event.decision_id,
        decision_type=event.decision_type,
        pipeline_source=event.pipeline_source,
        evaluation_id=event.evaluation_id,
        queue_id=event.queue_id,
        scheduler_run_id=event.scheduler_run_id,
        target_post_id=event.target_post_id,
        target_author=event.target_author,
        status=ContentStatus.DRAFTING,
        generation_source=Generation.REAL,
        content=None,
        scheduled_at=event.scheduled_at,
        created_at=at,
    )


content: Projector[Any] = Projector(
    name="content", row=Content, keyed="decision_id", hears=get_args(Hears), key=key, evolve=evolve
)
