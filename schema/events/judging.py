"""Judging: cheap filters, then the model's structured verdict on one candidate."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from schema.events.base import Event, OfCandidate, OfEvaluation
from schema.ids import EvaluationId, QueueId
from schema.posts import Post, Source


class Tier(StrEnum):
    """How good a candidate is; A is best."""

    A = "A"
    B = "B"
    C = "C"


class Verdict(StrEnum):
    """Whether an evaluation lets a candidate wait for a slot."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    REJECT = "reject"


class JudgementRequested(OfEvaluation, frozen=True, kw_only=True):
    """Order: ask the model what this post is worth. The post is untrusted data."""

    post: Post


class ModelCalled(Event, frozen=True, kw_only=True):
    """One request to the model endpoint ended; cost in US dollars, latency in milliseconds.

    It settles its reservation.
    """

    purpose: str
    request_id: str
    model: str
    prompt_version: str
    prompt_hash: str
    prompt_tokens: int
    completion_tokens: int
    cost_usd: Decimal
    latency_ms: int
    outcome: str
    detail: str = ""
    reservation_id: UUID | None = None


class CandidateJudged(OfEvaluation, frozen=True, kw_only=True):
    """The model's answer, parsed. Scores are between 0 and 1."""

    relevance: float
    reply_worthiness: float
    risk: float
    tier: Tier
    why: str


class JudgementFailed(OfEvaluation, frozen=True, kw_only=True):
    """No usable answer came back."""

    outcome: str
    detail: str


class CandidateEvaluated(OfEvaluation, frozen=True, kw_only=True):
    """The filters' and the judge's verdict on one candidate, with its reason."""

    verdict: Verdict
    passed_hard_filters: bool
    reason: str
    source: Source
    post: Post
    tier: Tier | None = None
    overall_score: float | None = None
    ai_judge_decision: str | None = None


class CandidateRejected(OfCandidate, frozen=True, kw_only=True):
    """A candidate will not be replied to."""

    evaluation_id: EvaluationId
    queue_id: QueueId | None = None
    reason: str
