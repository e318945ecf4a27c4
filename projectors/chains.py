"""The trace chains: one row per decision, with every id from its evaluation to its post."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.permitting import PermitCreated
from schema.events.posting import LateConfirmed, PostingSuccess
from schema.events.scheduling import DecisionMade, DecisionType
from schema.ids import (
    CandidateId,
    DecisionId,
    EvaluationId,
    PermitId,
    QueueId,
    SchedulerRunId,
)

Hears = DecisionMade | PermitCreated | PostingSuccess | LateConfirmed


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """evaluation → queue item → scheduler run → decision → permit → post id."""

    decision_id: DecisionId
    decision_type: DecisionType
    candidate_id: CandidateId | None
    candidate_evaluation_id: EvaluationId | None
    queue_id: QueueId | None
    scheduler_run_id: SchedulerRunId
    permit_id: PermitId | None
    posted_id: str | None
    url: str | None
    pipeline_source: str
    target_post_id: str | None
    decided_at: datetime
    posted_at: datetime | None


def key(event: Event) -> str | None:
    """Rows are decisions."""
    return str(event.decision_id) if isinstance(event, get_args(Hears)) else None


def evolve(row: Chain | None, recorded: Recorded[Hears]) -> Chain | None:
    """Add the link that this event brings."""
    event = recorded.event
    match event:
        case DecisionMade():
            return Chain(
                decision_id=event.decision_id,
                decision_type=event.decision_type,
                candidate_id=event.candidate_id,
                candidate_evaluation_id=event.evaluation_id,
                queue_id=event.queue_id,
                scheduler_run_id=event.scheduler_run_id,
                permit_id=None,
                posted_id=None,
                url=None,
                pipeline_source=event.pipeline_source,
                target_post_id=event.target_post_id,
                decided_at=recorded.at,
                posted_at=None,
            )
        case PermitCreated():
            return row and replace(row, permit_id=event.permit_id)
        case PostingSuccess() | LateConfirmed():
            return row and replace(
                row,
                permit_id=event.permit_id,
                posted_id=event.posted_id,
                url=event.url,
                posted_at=event.posted_at or recorded.at,
            )


chains: Projector[Any] = Projector(
    name="chains", row=Chain, keyed="decision_id", hears=get_args(Hears), key=key, evolve=evolve
)
