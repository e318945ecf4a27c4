"""One story for the operators' views: replies that went well and ill, a ghost, money, learning."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from projectors import VIEWS
from schema.contracts import Command, NewEvent
from schema.events.base import Event
from schema.events.judging import CandidateEvaluated, ModelCalled, Verdict
from schema.events.learning import (
    ArmTrained,
    OutcomeRecorded,
    OutcomeUnavailable,
    UnavailableReason,
)
from schema.events.money import ModelReserved
from schema.events.operations import ProofRolledUp
from schema.events.permitting import PermitRejected, ReasonCode
from schema.events.posting import ClickNotSent, ClickRejected, NotSentReason, OutcomeUnknown
from schema.events.proving import ProbeCompleted, ProbeStarted
from schema.events.queueing import CandidateExpired
from schema.events.scheduling import SchedulerStarted, SlotClosed, SlotReason
from schema.ids import named
from schema.posts import Post, Source
from tests.doubles.story import ACCOUNT, SHA, Story
from tests.postgres_fixtures import Database
from tests.store.chains import OPEN_CAPS, needs_approver

RESERVATION = named("reservation")


async def play(database: Database) -> None:
    """Append the story to a log that keeps the law, and fold all views."""
    async with database.store() as store:
        await store.open_account(ACCOUNT)
        ids = {}
        for told in _story().rows:
            ids[told.position] = told.event_id
            cause = None if told.cause is None else ids[told.cause]
            new = NewEvent(told.event_id, told.event, cause=cause)
            (verdict,) = await store.append(
                ACCOUNT, [Command((new,))], actor="story", approver=needs_approver(new)
            )
            assert verdict.code == "ok", f"{type(told.event).__name__}: {verdict}"
        for view in VIEWS.values():
            while await store.run_projector(view, ACCOUNT):
                pass


def _story() -> Story:
    story = Story()
    story.say(OPEN_CAPS, approver=True)
    story.booted()
    _locked(story)
    story.replied("marta")
    _learned(story)
    for name, kind, why in (
        ("lost", OutcomeUnknown, {"detail": "the connection was cut"}),
        ("held", ClickNotSent, {"reason": NotSentReason.DEADLINE}),
        ("spam", ClickRejected, {"code": "spam", "detail": "the site calls it spam"}),
    ):
        attempt = story.attempted(name)
        story.say(kind(**story.ids, spends=attempt.event_id, **why), attempt)
    _refused(story, "stray", ReasonCode.INVALID_PIPELINE_SOURCE, ("reply_v2_scheduler",))
    _refused(story, "nested", ReasonCode.TARGET_NOT_ROOT, (), in_reply_to="t-above")
    story.permitted("pending")
    story.queued("waiting")
    queued = story.queued("late")
    story.say(CandidateExpired(**story.ids), queued)
    _evaluated(story)
    _idle_slot(story)
    story.haunted()
    _machinery(story)
    return story


def _locked(story: Story) -> None:
    """Tell of a post whose numbers could not be had."""
    story.replied("locked")
    reason = UnavailableReason.LOCKED
    story.say(OutcomeUnavailable(**story.ids, posted_id="c-locked", reason=reason))


def _learned(story: Story) -> None:
    known: dict[str, Any] = {"simulated": False, "impressions": 200, "likes": 5, "replies": 1}
    recorded = OutcomeRecorded(**story.ids, posted_id="c-marta", er=0.03, **known)
    story.say(recorded)
    story.say(ArmTrained(arm="keyword/concise", version=2, alpha=3, beta=4, pulls=5))


def _refused(
    story: Story,
    name: str,
    code: ReasonCode,
    allowed: tuple[str, ...],
    *,
    in_reply_to: str | None = None,
) -> None:
    target = {"target_is_root": in_reply_to is None, "target_in_reply_to": in_reply_to}
    permit = story.permitted(name, pipeline_source="elsewhere", **target)
    message = f"{code}: source=elsewhere allowed={','.join(allowed)}"
    refused = PermitRejected(
        **story.ids,
        spends=permit.event_id,
        reason_code=code,
        error_message=message,
        pipeline_source="elsewhere",
        allowed_sources=allowed,
    )
    story.say(refused, permit, approver=True)


def _evaluated(story: Story) -> None:
    """Reject one candidate by the filters and one by what the judge says of it."""
    filtered: dict[str, Any] = {"passed_hard_filters": False, "reason": "too short"}
    judged: dict[str, Any] = {
        "passed_hard_filters": True,
        "reason": "too_risky",
        "ai_judge_decision": "reject",
        "overall_score": 0.2,
    }
    for name, found in (("dull", filtered), ("risky", judged)):
        post = Post(post_id=f"t-{name}", url=f"http://site/t/{name}", author=name, text="hm")
        ids: dict[str, Any] = {
            "candidate_id": named("candidate", name),
            "evaluation_id": named("evaluation", name),
        }
        evaluated = CandidateEvaluated(
            **ids, **found, verdict=Verdict.REJECT, source=Source.VIRAL, post=post
        )
        story.say(evaluated)


def _idle_slot(story: Story) -> None:
    run: dict[str, Any] = {"scheduler_run_id": named("slot", "idle"), "slot": story.now}
    story.say(SchedulerStarted(**run, seed=1))
    closed: dict[str, Any] = {"reason": SlotReason.QUEUE_EMPTY, "decision_id": None}
    story.say(SlotClosed(**run, **closed, queue_size=0))


def _machinery(story: Story) -> None:
    request: dict[str, Any] = {
        "reservation_id": RESERVATION,
        "purpose": "target_judge",
        "request_id": "r-1",
        "model": "gpt-4o-mini",
    }
    story.say(ModelReserved(**request, cost_usd_max=Decimal("0.01")))
    story.say(
        ModelCalled(
            **request,
            prompt_version="1",
            prompt_hash="0",
            prompt_tokens=100,
            completion_tokens=20,
            cost_usd=Decimal("0.0042"),
            latency_ms=12,
            outcome="ok",
        )
    )
    story.watched()
    for event in (_rollup(), *_probe()):
        story.say(event)


def _rollup() -> ProofRolledUp:
    counts: dict[str, Any] = {f"{name}_15m": 1 for name in ("fetch_started", "fetch_completed")}
    counts |= {
        f"{name}_60m": 1 for name in ("scheduler_started", "permits_created", "permits_used")
    }
    return ProofRolledUp(
        **counts,
        queue_size=1,
        posted_tweet_ids_last_2h=("c-marta",),
        new_ghosts_last_2h=1,
        unknown_outcomes=1,
        last_error_event="ghost_detected",
        running_sha=SHA,
        log_position=9,
    )


def _probe() -> tuple[Event, ...]:
    ids: dict[str, Any] = {
        "probe_id": named("probe"),
        "git_sha": SHA,
        "scheduler_run_id": named("slot", "probe"),
    }
    reached: dict[str, Any] = dict.fromkeys(
        ("evaluation_id", "queue_id", "decision_id", "permit_id", "posted_id")
    )
    ended = ProbeCompleted(**ids, ok=False, **reached, missing=("permit",), reason="queue empty")
    return ProbeStarted(**ids, why="a new build"), ended
