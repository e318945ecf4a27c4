"""The learner: only real outcomes count, and only when there are enough of them."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.learning.learner import learner
from schema.events.base import Event
from schema.events.learning import (
    ArmsTrained,
    ArmTrained,
    OutcomeRecorded,
    OutcomeUnavailable,
    SkippedReason,
    TrainingSkipped,
    UnavailableReason,
)
from schema.events.operations import Job, SettingsChanged
from schema.rules import LearnRules
from tests.handlers.facts import decided, due, of_permit, rules
from tests.handlers.given import NOTHING, Scene

HOUR = due(Job.LEARN)
GOOD, BAD = "curated/friendly", "viral/concise"


def live(**changes: Any) -> SettingsChanged:
    return rules(mode="live", learn=LearnRules(**changes))


def pulled(n: int, arm: str = GOOD, *, explored: bool = False) -> Event:
    return decided(n, arm=arm, propensity=0.5, explored=explored)


def outcome(n: int, er: float | None = 0.1, *, simulated: bool = False, likes: int = 1) -> Event:
    numbers: dict[str, Any] = {"impressions": 100, "likes": likes, "replies": 0}
    return OutcomeRecorded(**of_permit(n), posted_id=f"q{n}", simulated=simulated, er=er, **numbers)


def real(*, of: int, er: float | None = 0.1, arm: str = GOOD, first: int = 1) -> list[Event]:
    """Make decisions and the real outcome of each."""
    numbers = range(first, first + of)
    return [*(pulled(n, arm) for n in numbers), *(outcome(n, er) for n in numbers)]


def skipped(*facts: Event) -> TrainingSkipped:
    [event] = Scene(learner, *facts).when(HOUR)
    assert isinstance(event, TrainingSkipped)
    return event


def trained(*facts: Event) -> dict[str, ArmTrained]:
    *arms, closing = Scene(learner, *facts).when(HOUR)
    assert isinstance(closing, ArmsTrained)
    assert closing.arms == len(arms)
    return {arm.arm: arm for arm in arms if isinstance(arm, ArmTrained)}


def test_four_real_outcomes_are_too_few() -> None:
    event = skipped(live(), *real(of=4))
    assert event == TrainingSkipped(reason=SkippedReason.INSUFFICIENT_OUTCOMES, have=4, need=5)


def test_five_real_outcomes_are_enough() -> None:
    arms = trained(live(), *real(of=5))
    assert arms[GOOD] == ArmTrained(arm=GOOD, version=1, alpha=6, beta=1, pulls=5)


def test_simulated_outcomes_teach_nothing() -> None:
    facts = [pulled(n) for n in range(9)] + [outcome(n, simulated=True) for n in range(9)]
    assert skipped(live(), *facts).have == 0


@pytest.mark.parametrize("mode", ["sandbox", "shadow"])
def test_nothing_is_learned_outside_live_mode(mode: str) -> None:
    assert skipped(rules(mode=mode), *real(of=9)).reason is SkippedReason.NOT_LIVE


def test_what_does_not_do_well_is_a_failure() -> None:
    arms = trained(live(), *real(of=3), *real(of=4, er=0.01, arm=BAD, first=10))
    assert (arms[GOOD].alpha, arms[GOOD].beta) == (4, 1)
    assert (arms[BAD].alpha, arms[BAD].beta) == (1, 5)


@pytest.mark.parametrize(("likes", "alpha"), [(1, 6), (0, 1)])
def test_without_impressions_any_engagement_is_a_success(likes: int, alpha: int) -> None:
    facts = [pulled(n) for n in range(5)] + [outcome(n, None, likes=likes) for n in range(5)]
    assert trained(live(), *facts)[GOOD].alpha == alpha


def test_a_post_without_numbers_is_no_outcome() -> None:
    gone = OutcomeUnavailable(**of_permit(5), posted_id="q5", reason=UnavailableReason.GONE)
    assert skipped(live(), *real(of=4), pulled(5), gone).have == 4


def test_an_outcome_counts_once() -> None:
    assert skipped(live(), *real(of=4), outcome(4), outcome(4)).have == 4


def test_old_outcomes_are_forgotten() -> None:
    facts = [*real(of=6, er=0.0), *real(of=5, first=10)]
    assert trained(live(outcomes_max=5), *facts)[GOOD].beta == 1


def test_an_arm_whose_outcomes_are_all_forgotten_may_be_anything_again() -> None:
    scene = Scene(learner, live(outcomes_max=5), *real(of=5, arm=BAD))
    scene.when(HOUR)
    arms = scene.given(*real(of=5, first=10)).when(HOUR)
    assert ArmTrained(arm=BAD, version=2, alpha=1, beta=1, pulls=0) in arms


def test_the_explore_ratio_is_that_of_the_last_choices() -> None:
    choices = [pulled(n, explored=n % 4 == 0) for n in range(100, 140)]
    *_, closing = Scene(learner, live(choices=20), *real(of=5), *choices).when(HOUR)
    assert isinstance(closing, ArmsTrained)
    assert (closing.choices, closing.explore_ratio) == (20, 0.25)


def test_a_choice_without_an_arm_is_not_counted() -> None:
    assert skipped(live(), decided(1), outcome(1)).have == 0


@pytest.mark.parametrize("event", [due(Job.FETCH), live(), pulled(1), outcome(1)])
def test_everything_else_is_only_remembered(event: Event) -> None:
    assert Scene(learner, live(), *real(of=9)).when(event) == NOTHING
