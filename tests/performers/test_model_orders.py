"""Judge and draft: one call each, accounted for, and a failure is an answer."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from edge.performers.asking import Manner
from edge.performers.contract import Performer
from edge.performers.draft import Draft
from edge.performers.judge import Judge
from edge.ports import ModelAnswer, ModelOutcome
from schema.events.base import Event
from schema.events.drafting import DraftCreated, DraftFailed, DraftRequested
from schema.events.judging import (
    CandidateJudged,
    JudgementFailed,
    JudgementRequested,
    ModelCalled,
    Tier,
)
from schema.events.scheduling import DecisionType
from tests.handlers.facts import of_candidate, of_permit, post
from tests.performers.orders import Bench

MANNER = Manner(model="a-model", temperature=0.5, top_p=0.9)
JUDGE, DRAFT = Judge(MANNER), Draft(MANNER)
SCORES = {"relevance": 0.8, "reply_worthiness": 0.6, "risk": 0.2, "tier": "B", "why": "on topic"}
REPLY = {"text": "You could water them in the evening.", "language": "en"}


def answered(text: str, outcome: ModelOutcome = ModelOutcome.OK) -> ModelAnswer:
    return ModelAnswer(
        outcome,
        text,
        "a-model-2026",
        prompt_tokens=100,
        completion_tokens=20,
        cost_usd=Decimal("0.0001"),
        latency_ms=700,
        detail="" if outcome is ModelOutcome.OK else "the endpoint says no",
    )


def ask_judge(bench: Bench) -> None:
    bench.say(JudgementRequested(**of_candidate(1), post=post(1)))


def ask_author(bench: Bench, avoid: str = "") -> None:
    order = DraftRequested(
        **of_permit(1),
        decision_type=DecisionType.REPLY,
        ordinal=2,
        target_title="Tomatoes",
        target_text="How do you keep them alive?",
        target_author="author1",
        style="curious",
        avoid=avoid,
    )
    bench.say(order)


async def carried_out(bench: Bench, performer: Performer) -> tuple[Event, ModelCalled]:
    """Return what came of the order, and the account of its call, wherever it is kept."""
    *others, answer = await bench.perform(performer)
    [called] = [e for e in (*others, *bench.said(ModelCalled)) if isinstance(e, ModelCalled)]
    return answer, called


async def test_a_judgement_comes_with_its_account(bench: Bench) -> None:
    ask_judge(bench)
    bench.model.answer = answered(json.dumps(SCORES))
    judged, called = await carried_out(bench, JUDGE)
    assert (called.purpose, called.outcome) == ("target_judge", "ok")
    assert called.request_id == str(of_candidate(1)["evaluation_id"])
    assert (called.model, called.prompt_tokens, called.completion_tokens) == (
        "a-model-2026",
        100,
        20,
    )
    assert (called.cost_usd, called.latency_ms) == (Decimal("0.0001"), 700)
    assert isinstance(judged, CandidateJudged)
    assert (judged.relevance, judged.reply_worthiness, judged.risk) == (0.8, 0.6, 0.2)
    assert (judged.tier, judged.why) == (Tier.B, "on topic")


async def test_the_model_is_asked_once_in_the_manner_of_the_settings(bench: Bench) -> None:
    ask_judge(bench)
    await bench.perform(JUDGE)
    [call] = bench.model.calls
    assert (call.model, call.temperature, call.top_p) == ("a-model", 0.5, 0.9)
    assert post(1).text in call.user
    assert post(1).text not in call.system


FAILURES = [
    ModelOutcome.TIMEOUT,
    ModelOutcome.UNREACHABLE,
    ModelOutcome.RATE_LIMITED,
    ModelOutcome.INSUFFICIENT_QUOTA,
    ModelOutcome.REFUSED,
    ModelOutcome.UNAUTHORIZED,
    ModelOutcome.SERVER_ERROR,
]


@pytest.mark.parametrize("outcome", FAILURES)
async def test_a_failed_call_gives_no_judgement(bench: Bench, outcome: ModelOutcome) -> None:
    ask_judge(bench)
    bench.model.answer = answered("", outcome)
    failed, called = await carried_out(bench, JUDGE)
    assert isinstance(failed, JudgementFailed)
    assert called.outcome == failed.outcome == outcome
    assert failed.detail == "the endpoint says no"


BAD = ["", "no JSON", "[]", json.dumps(SCORES | {"risk": 7}), json.dumps(SCORES | {"target": "p9"})]


@pytest.mark.parametrize("text", BAD)
async def test_an_answer_that_does_not_fit_gives_no_judgement(bench: Bench, text: str) -> None:
    ask_judge(bench)
    bench.model.answer = answered(text)
    failed, called = await carried_out(bench, JUDGE)
    assert isinstance(failed, JudgementFailed)
    assert called.outcome == failed.outcome == "bad_answer"
    assert failed.detail


async def test_a_draft_comes_with_its_account(bench: Bench) -> None:
    ask_author(bench)
    bench.model.answer = answered(json.dumps(REPLY))
    created, called = await carried_out(bench, DRAFT)
    assert called.purpose == "reply_generation"
    assert called.request_id == str(of_permit(1)["decision_id"])
    assert isinstance(created, DraftCreated)
    assert (created.ordinal, created.text, created.language) == (2, REPLY["text"], "en")
    assert created.permit_id == of_permit(1)["permit_id"]


async def test_a_redraft_is_told_why_the_last_one_fell(bench: Bench) -> None:
    ask_author(bench, avoid="a link")
    await bench.perform(DRAFT)
    [call] = bench.model.calls
    assert "a link" in call.system
    assert "curious" in call.system


@pytest.mark.parametrize("outcome", FAILURES)
async def test_a_failed_call_gives_no_draft(bench: Bench, outcome: ModelOutcome) -> None:
    ask_author(bench)
    bench.model.answer = answered("", outcome)
    failed, _ = await carried_out(bench, DRAFT)
    assert isinstance(failed, DraftFailed)
    assert (failed.ordinal, failed.outcome) == (2, str(outcome))


@pytest.mark.parametrize("text", ["{}", json.dumps(REPLY | {"text": ""}), json.dumps(SCORES)])
async def test_an_answer_that_does_not_fit_gives_no_draft(bench: Bench, text: str) -> None:
    ask_author(bench)
    bench.model.answer = answered(text)
    failed, _ = await carried_out(bench, DRAFT)
    assert isinstance(failed, DraftFailed)
    assert failed.outcome == "bad_answer"
