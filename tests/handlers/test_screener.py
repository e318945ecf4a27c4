"""The screener: filters first, then the judge; every candidate gets one verdict with a reason."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handlers.finding.screener import screener
from schema.events.judging import (
    CandidateEvaluated,
    CandidateJudged,
    CandidateRejected,
    JudgementFailed,
    JudgementRequested,
    Tier,
    Verdict,
)
from schema.ids import EvaluationId, derive
from tests.handlers.facts import found, hours, judged, post, rules
from tests.handlers.given import NOON, NOTHING, Scene


def test_a_candidate_that_passes_the_filters_goes_to_the_judge() -> None:
    scene = Scene(screener, rules())
    answer = scene.when(found())
    evaluation_id = EvaluationId(derive(scene.id_of(found()), "evaluation"))
    assert answer == [
        JudgementRequested(
            candidate_id=found().candidate_id, evaluation_id=evaluation_id, post=post()
        )
    ]


def test_a_filtered_candidate_is_rejected_without_asking_the_judge() -> None:
    evaluated, rejected = Scene(screener, rules()).when(found(author="me"))
    assert isinstance(evaluated, CandidateEvaluated)
    assert isinstance(rejected, CandidateRejected)
    assert (evaluated.verdict, evaluated.passed_hard_filters) == (Verdict.REJECT, False)
    assert evaluated.reason == rejected.reason == "own_post"
    assert evaluated.tier is None


def test_a_candidate_seen_before_is_not_screened_again() -> None:
    assert Scene(screener, rules(), found()).when(found()) == NOTHING


def judge_answer(event: CandidateJudged | JudgementFailed) -> list[Any]:
    return list(Scene(screener, rules(), found()).when(event))


def test_a_good_judgement_passes_with_its_tier_and_score() -> None:
    [evaluated] = judge_answer(judged(tier=Tier.B))
    assert (evaluated.verdict, evaluated.reason, evaluated.tier) == (
        Verdict.PASS,
        "passed",
        Tier.B,
    )
    assert evaluated.overall_score == 0.63
    assert evaluated.passed_hard_filters


@pytest.mark.parametrize(
    ("reason", "scores"),
    [
        ("too_risky", {"risk": 0.7}),
        ("not_relevant", {"relevance": 0.3}),
        ("not_worth_a_reply", {"reply_worthiness": 0.3}),
    ],
)
def test_a_poor_judgement_rejects_as(reason: str, scores: dict[str, float]) -> None:
    evaluated, rejected = judge_answer(judged(**scores))
    assert evaluated.verdict is Verdict.REJECT
    assert evaluated.reason == rejected.reason == reason


def test_scores_on_the_line_pass() -> None:
    [evaluated] = judge_answer(judged(risk=0.6, relevance=0.4, reply_worthiness=0.4))
    assert evaluated.verdict is Verdict.PASS


def failed() -> JudgementFailed:
    return JudgementFailed(
        candidate_id=found().candidate_id,
        evaluation_id=judged().evaluation_id,
        outcome="timeout",
        detail="",
    )


def test_nothing_passes_from_a_failed_call() -> None:
    evaluated, rejected = judge_answer(failed())
    assert (evaluated.verdict, evaluated.reason) == (Verdict.REJECT, "judge_timeout")
    assert rejected.reason == "judge_timeout"


@pytest.mark.parametrize("event", [judged(), failed()])
def test_an_answer_about_an_unknown_candidate_changes_nothing(
    event: CandidateJudged | JudgementFailed,
) -> None:
    assert Scene(screener, rules()).when(event) == NOTHING


@pytest.mark.parametrize("second", [judged(), failed()])
def test_the_second_answer_changes_nothing(second: CandidateJudged | JudgementFailed) -> None:
    scene = Scene(screener, rules(), found())
    scene.when(judged())
    assert scene.when(second) == NOTHING


def again() -> JudgementRequested:
    second = EvaluationId(derive(judged().evaluation_id, "again"))
    return JudgementRequested(
        candidate_id=found().candidate_id, evaluation_id=second, post=found().post
    )


def test_one_that_is_asked_about_again_has_its_verdict_anew_and_once() -> None:
    scene = Scene(screener, rules(), found())
    scene.when(failed())
    answer = replace(judged(), evaluation_id=again().evaluation_id)
    [evaluated] = scene.given(again()).when(answer)
    assert isinstance(evaluated, CandidateEvaluated)
    assert (evaluated.verdict, evaluated.evaluation_id) == (Verdict.PASS, again().evaluation_id)
    assert scene.when(answer) == NOTHING


def test_a_judge_who_comes_too_late_lets_nothing_pass() -> None:
    recent = found(posted_at=NOON)
    scene = Scene(screener, rules(), recent, hours(24 * 14))
    assert scene.when(judged())
    scene = Scene(screener, rules(), recent, hours(24 * 14 + 1))
    evaluated, _ = scene.when(judged())
    assert isinstance(evaluated, CandidateEvaluated)
    assert (evaluated.verdict, evaluated.reason) == (Verdict.REJECT, "too_old")
    assert not evaluated.passed_hard_filters


def test_new_settings_judge_nothing() -> None:
    assert Scene(screener).when(rules()) == NOTHING
