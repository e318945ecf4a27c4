"""Facts: one event of each kind about the n-th candidate, with what a test wants changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from handlers.writing.gates import text_hash
from schema.events.base import Event
from schema.events.drafting import DraftAccepted, DraftCreated, DraftFailed, DraftRejected
from schema.events.fetching import CandidateFound
from schema.events.judging import (
    CandidateEvaluated,
    CandidateJudged,
    CandidateRejected,
    Tier,
    Verdict,
)
from schema.events.operations import (
    Job,
    JobDue,
    PostingAllowed,
    PostingStopped,
    SettingsChanged,
    StopSource,
)
from schema.events.permitting import (
    PermitApproved,
    PermitCreated,
    PermitExpired,
    PermitRejected,
    PermitRevoked,
    ReasonCode,
    RevokeReason,
)
from schema.events.posting import ClickAttempt
from schema.events.queueing import CandidateExpired, CandidateQueued, CandidateSelected
from schema.events.scheduling import DecisionMade, DecisionType, SchedulerStarted
from schema.ids import (
    CandidateId,
    DecisionId,
    EvaluationId,
    EventId,
    PermitId,
    QueueId,
    RunId,
    SchedulerRunId,
    named,
)
from schema.posts import Post, Source
from schema.rules import Rules
from tests.handlers.given import NOON

TEXT = "You could try to water them in the evening, that did it for my own plants."
OTHER_TEXT = "What kind of soil do you have in there? Clay needs another rhythm than sand."
BY = "operator"
SOME_EVENT = EventId(named("some event"))


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def rules(**parts: Any) -> SettingsChanged:
    return SettingsChanged(rules=Rules(**{"handle": "me"} | parts), rules_hash="0" * 64)


def due(job: Job, *, seed: int = 0) -> JobDue:
    return JobDue(job=job, slot=NOON, seed=seed)


def stopped(source: StopSource = StopSource.LOGGED) -> PostingStopped:
    return PostingStopped(source=source, why="a test", by=BY)


def allowed(source: StopSource = StopSource.LOGGED) -> PostingAllowed:
    return PostingAllowed(source=source, why="a test", by=BY)


# ---- ids


def of_candidate(n: int) -> dict[str, Any]:
    return {
        "candidate_id": CandidateId(named("candidate", str(n))),
        "evaluation_id": EvaluationId(named("evaluation", str(n))),
    }


def of_item(n: int) -> dict[str, Any]:
    return of_candidate(n) | {"queue_id": QueueId(named("queue", str(n)))}


def of_decision(n: int) -> dict[str, Any]:
    return of_item(n) | {
        "scheduler_run_id": SchedulerRunId(named("run", str(n))),
        "decision_id": DecisionId(named("decision", str(n))),
    }


def of_permit(n: int, permit: str = "first") -> dict[str, Any]:
    return of_decision(n) | {
        "permit_id": PermitId(named("permit", str(n), permit)),
        "target_post_id": f"p{n}",
    }


# ---- candidates


def post(n: int = 1, **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "post_id": f"p{n}",
        "url": f"http://site/p{n}",
        "author": f"author{n}",
        "title": "Tomatoes",
        "text": "How do you keep the tomatoes alive in the heat of this summer?",
        "posted_at": NOON - hours(n),
        "likes": 3,
    }
    return Post(**fields | changes)


def found(n: int = 1, **changes: Any) -> CandidateFound:
    return CandidateFound(
        candidate_id=of_candidate(n)["candidate_id"],
        run_id=RunId(named("fetch", "1")),
        source=Source.KEYWORD,
        query="tomatoes",
        post=post(n, **changes),
    )


def judged(n: int = 1, /, **changes: Any) -> CandidateJudged:
    scores = {"relevance": 0.8, "reply_worthiness": 0.6, "risk": 0.2, "tier": Tier.A, "why": "good"}
    return CandidateJudged(**of_candidate(n) | scores | changes)


def evaluated(n: int = 1, **changes: Any) -> CandidateEvaluated:
    fields = of_candidate(n) | {
        "verdict": Verdict.PASS,
        "passed_hard_filters": True,
        "reason": "passed",
        "source": Source.KEYWORD,
        "post": post(n),
        "tier": Tier.A,
        "overall_score": 0.63,
    }
    return CandidateEvaluated(**fields | changes)


def queued(n: int = 1, tier: Tier = Tier.A, **changes: Any) -> CandidateQueued:
    return CandidateQueued(
        **of_item(n),
        tier=tier,
        score=0.63,
        source=Source.KEYWORD,
        post=post(n, **changes),
        expires_at=NOON + hours(24),
    )


def selected(n: int = 1) -> CandidateSelected:
    return CandidateSelected(**of_decision(n))


def item_expired(n: int = 1) -> CandidateExpired:
    return CandidateExpired(**of_item(n))


def item_rejected(n: int = 1, reason: str = "a reason") -> CandidateRejected:
    return CandidateRejected(**of_item(n), reason=reason)


# ---- slots, decisions, permits


def slot_opened(n: int = 1, seed: int = 0) -> SchedulerStarted:
    return SchedulerStarted(
        scheduler_run_id=of_decision(n)["scheduler_run_id"], slot=NOON, seed=seed
    )


def decided(n: int = 1, **changes: Any) -> DecisionMade:
    fields = of_decision(n) | {
        "decision_type": DecisionType.REPLY,
        "pipeline_source": "reply_v2_scheduler",
        "target_post_id": f"p{n}",
        "target_url": f"http://site/p{n}",
        "target_author": f"author{n}",
        "source": Source.KEYWORD,
        "tier": Tier.A,
        "style": "friendly",
        "scheduled_at": NOON,
    }
    return DecisionMade(**fields | changes)


def created(n: int = 1, permit: str = "first", **changes: Any) -> PermitCreated:
    fields = of_permit(n, permit) | {
        "decision_type": DecisionType.REPLY,
        "pipeline_source": "reply_v2_scheduler",
        "target_url": f"http://site/p{n}",
        "target_author": f"author{n}",
        "target_is_root": True,
        "target_in_reply_to": None,
    }
    return PermitCreated(**fields | changes)


def approved(n: int = 1, permit: str = "first", ttl_s: int = 1800) -> PermitApproved:
    return PermitApproved(
        **of_permit(n, permit), spends=SOME_EVENT, ttl_s=ttl_s, approved_by="approver"
    )


def refused(n: int = 1, code: ReasonCode = ReasonCode.RATE_LIMITED) -> PermitRejected:
    return PermitRejected(
        **of_permit(n),
        spends=SOME_EVENT,
        reason_code=code,
        error_message=str(code),
        pipeline_source="reply_v2_scheduler",
    )


def permit_expired(n: int = 1, permit: str = "first") -> PermitExpired:
    return PermitExpired(**of_permit(n, permit), spends=SOME_EVENT)


def revoked(n: int = 1, reason: RevokeReason = RevokeReason.POSTING_STOPPED) -> PermitRevoked:
    return PermitRevoked(**of_permit(n), spends=SOME_EVENT, reason=reason)


# ---- drafts


def drafted(n: int = 1, text: str = TEXT, ordinal: int = 1, **changes: Any) -> DraftCreated:
    fields = {"ordinal": ordinal, "text": text, "language": "en"}
    return DraftCreated(**of_permit(n), **(fields | changes))


def draft_failed(n: int = 1, ordinal: int = 1) -> DraftFailed:
    return DraftFailed(**of_permit(n), ordinal=ordinal, outcome="timeout", detail="30 s")


def accepted(
    n: int = 1, permit: str = "first", text: str = TEXT, ordinal: int = 1
) -> DraftAccepted:
    return DraftAccepted(
        **of_permit(n, permit), ordinal=ordinal, text=text, text_hash=text_hash(text)
    )


def draft_refused(n: int = 1, *, final: bool = True) -> DraftRejected:
    return DraftRejected(**of_permit(n), ordinal=2, gate=None, why="timeout", final=final)


# ---- clicks


def attempted(n: int = 1, text: str = TEXT, author: str | None = None) -> ClickAttempt:
    return ClickAttempt(
        **of_permit(n),
        spends=SOME_EVENT,
        target_author=author or f"author{n}",
        text_hash=text_hash(text),
        worker_id=named("worker"),
        baseline=None,
    )


def ended(kind: type[Event], n: int = 1, /, **fields: Any) -> Any:
    """Make an event that closes an order or an attempt of the n-th permit."""
    return kind(**of_permit(n), **fields)
