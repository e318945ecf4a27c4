"""What every event is: a frozen struct with a tag on the wire and, for most, a chain of its own."""

from __future__ import annotations

import re
from functools import cache
from typing import Any
from uuid import UUID

import msgspec

from schema.ids import (
    CandidateId,
    DecisionId,
    EvaluationId,
    PermitId,
    QueueId,
    SchedulerRunId,
)


@cache
def tag_of(class_name: str) -> str:
    """Turn ``PermitCreated`` into ``permit_created``, the event's name on the wire."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", class_name).lower()


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="type",
    tag=tag_of,
):
    """A fact that happened. A released event never changes; a new field is optional."""

    def chain(self) -> UUID | None:
        """Return the trace this event belongs to by its own ids; None: that of its cause."""
        return None


class OfCandidate(Event, frozen=True, kw_only=True):
    """About one candidate; the candidate's id names the trace of everything that follows."""

    candidate_id: CandidateId

    def chain(self) -> UUID | None:
        """Return the id that names this trace."""
        return self.candidate_id


class OfEvaluation(OfCandidate, frozen=True, kw_only=True):
    """About one evaluation of a candidate."""

    evaluation_id: EvaluationId


class OfQueueItem(OfEvaluation, frozen=True, kw_only=True):
    """About one queue item."""

    queue_id: QueueId


class OfDecision(Event, frozen=True, kw_only=True):
    """About one decision. An original post has no candidate, evaluation or queue item."""

    candidate_id: CandidateId | None
    evaluation_id: EvaluationId | None
    queue_id: QueueId | None
    scheduler_run_id: SchedulerRunId
    decision_id: DecisionId

    def chain(self) -> UUID | None:
        """Return the id that names this trace."""
        return self.candidate_id or self.decision_id


class OfPermit(OfDecision, frozen=True, kw_only=True):
    """About one permit of a decision; carries every id of the chain so far."""

    permit_id: PermitId
    target_post_id: str | None


def decision_ids(event: OfDecision) -> dict[str, Any]:
    """Return the ids that a later event about the same decision repeats."""
    return {
        "candidate_id": event.candidate_id,
        "evaluation_id": event.evaluation_id,
        "queue_id": event.queue_id,
        "scheduler_run_id": event.scheduler_run_id,
        "decision_id": event.decision_id,
    }


def permit_ids(event: OfPermit) -> dict[str, Any]:
    """Return the ids and the target that a later event about the same permit repeats."""
    return decision_ids(event) | {
        "permit_id": event.permit_id,
        "target_post_id": event.target_post_id,
    }
