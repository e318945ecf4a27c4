"""The evaluations: one row per verdict on a candidate, passed or not."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.judging import CandidateEvaluated, Tier, Verdict
from schema.ids import CandidateId, EvaluationId
from schema.posts import Source


class Evaluation(msgspec.Struct, frozen=True, kw_only=True):
    """What the filters, and the judge if it was asked, made of one candidate."""

    evaluation_id: EvaluationId
    candidate_id: CandidateId
    candidate_post_id: str
    author: str
    source: Source
    passed_hard_filters: bool
    overall_score: float | None
    tier: Tier | None
    ai_judge_decision: str | None
    verdict: Verdict
    reason: str
    evaluated_at: datetime


def key(event: Event) -> str | None:
    """Rows are evaluations."""
    return str(event.evaluation_id) if isinstance(event, CandidateEvaluated) else None


def evolve(row: Evaluation | None, recorded: Recorded[CandidateEvaluated]) -> Evaluation | None:
    """Keep the verdict."""
    del row
    event = recorded.event
    return Evaluation(
        evaluation_id=event.evaluation_id,
        candidate_id=event.candidate_id,
        candidate_post_id=event.post.post_id,
        author=event.post.author,
        source=event.source,
        passed_hard_filters=event.passed_hard_filters,
        overall_score=event.overall_score,
        tier=event.tier,
        ai_judge_decision=event.ai_judge_decision,
        verdict=event.verdict,
        reason=event.reason,
        evaluated_at=recorded.at,
    )


evaluations: Projector[Any] = Projector(
    name="evaluations",
    row=Evaluation,
    keyed="evaluation_id",
    hears=(CandidateEvaluated,),
    key=key,
    evolve=evolve,
)
