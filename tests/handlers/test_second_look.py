"""The second look: what nobody was asked about is asked about, once that can be paid."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.finding.second_look import AT_ONCE, KEPT_MAX, second_look
from schema.events.judging import CandidateEvaluated, JudgementRequested, Verdict
from schema.events.operations import Job, SettingsChanged
from schema.rules import BudgetRules, QueueRules
from tests.handlers.facts import due, evaluated, hours, minutes, of_candidate, post, rules
from tests.handlers.given import NOTHING, Scene
from tests.money.accounts import CLOSED, OPENED, reserved, usd

LOOK = due(Job.WATCHDOG)


def unjudged(n: int = 1, reason: str = "judge_budget") -> CandidateEvaluated:
    return evaluated(n, verdict=Verdict.REJECT, reason=reason, tier=None, overall_score=None)


def with_money(amount: str) -> SettingsChanged:
    return rules(budget=BudgetRules(daily_usd=usd(amount)))


def asked(scene: Scene) -> list[str]:
    """Let the watchdog look; return the posts that are asked about."""
    events = scene.when(LOOK)
    assert all(isinstance(one, JudgementRequested) for one in events)
    return [one.post.post_id for one in events if isinstance(one, JudgementRequested)]


@pytest.mark.parametrize("reason", ["judge_budget", "judge_circuit", "judge_insufficient_quota"])
def test_what_money_kept_from_the_judge_is_asked_about_anew_and_once(reason: str) -> None:
    scene = Scene(second_look, rules(), unjudged(1, reason))
    [event] = scene.when(LOOK)
    assert isinstance(event, JudgementRequested)
    assert (event.candidate_id, event.post) == (of_candidate(1)["candidate_id"], post(1))
    assert event.evaluation_id != of_candidate(1)["evaluation_id"]
    assert scene.given(hours(1)).when(LOOK) == NOTHING


@pytest.mark.parametrize("reason", ["judge_timeout", "judge_refused", "too_risky", "language"])
def test_any_other_verdict_stands(reason: str) -> None:
    assert Scene(second_look, rules(), unjudged(1, reason)).when(LOOK) == NOTHING


def test_without_money_nobody_is_asked_again() -> None:
    scene = Scene(second_look, with_money("0"), unjudged(1))
    assert scene.when(LOOK) == NOTHING
    assert asked(scene.given(with_money("1"))) == ["p1"]


def test_money_for_less_than_the_last_call_is_not_enough() -> None:
    scene = Scene(second_look, with_money("0.15"), reserved(1, "0.10"), unjudged(1))
    assert scene.when(LOOK) == NOTHING


def test_a_new_day_has_money_again() -> None:
    scene = Scene(second_look, with_money("0.10"), reserved(1, "0.10"), unjudged(1))
    assert scene.when(LOOK) == NOTHING
    assert asked(scene.given(hours(13))) == ["p1"]


def test_while_the_circuit_is_open_nobody_is_asked_and_then_one_to_try_it() -> None:
    facts = [OPENED, *(unjudged(n, "judge_circuit") for n in (1, 2, 3))]
    scene = Scene(second_look, rules(), *facts, minutes(14))
    assert scene.when(LOOK) == NOTHING
    assert asked(scene.given(minutes(1))) == ["p3"]
    assert asked(scene.given(CLOSED)) == ["p2", "p1"]


def test_one_that_fails_again_comes_again() -> None:
    scene = Scene(second_look, rules(), unjudged(1))
    assert asked(scene) == ["p1"]
    assert asked(scene.given(unjudged(1, "judge_circuit"))) == ["p1"]


def test_one_that_was_judged_meanwhile_is_forgotten() -> None:
    assert Scene(second_look, rules(), unjudged(1), evaluated(1)).when(LOOK) == NOTHING


def test_the_newest_come_first_and_not_all_at_once() -> None:
    scene = Scene(second_look, rules(), *(unjudged(n) for n in range(1, AT_ONCE + 3)))
    assert asked(scene) == [f"p{n}" for n in range(AT_ONCE + 2, 2, -1)]
    assert asked(scene) == ["p2", "p1"]


@pytest.mark.parametrize(
    ("facts", "posts"),
    [
        ([hours(23.9)], ["p1"]),
        ([hours(24)], []),
        ([hours(23), unjudged(1), hours(1)], []),  # it waits since it was first given up
        ([rules(queue=QueueRules(expires_h=48)), hours(24)], ["p1"]),
    ],
)
def test_it_is_given_up_when_a_queue_item_would_be(facts: list[Any], posts: list[str]) -> None:
    assert asked(Scene(second_look, rules(), unjudged(1), *facts)) == posts


def test_each_of_several_is_asked_about_by_an_id_of_its_own() -> None:
    asked_about = Scene(second_look, rules(), unjudged(1), unjudged(2)).when(LOOK)
    ids = {one.evaluation_id for one in asked_about if isinstance(one, JudgementRequested)}
    assert len(ids) == 2


def test_what_is_remembered_is_bounded() -> None:
    scene = Scene(second_look, rules(), *(unjudged(n) for n in range(1, KEPT_MAX + 10)))
    seen = [name for _ in range(KEPT_MAX) for name in asked(scene)]
    assert seen == [f"p{n}" for n in range(KEPT_MAX + 9, 9, -1)]


def test_no_other_job_looks() -> None:
    assert Scene(second_look, rules(), unjudged(1)).when(due(Job.POST)) == NOTHING
