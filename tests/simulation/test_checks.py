"""Each check of a played day speaks when its promise is broken, and is silent before."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from tests.simulation.breaking import of_clicks, of_folds, of_posts, of_promptness
from tests.simulation.breaking.day import Break, Day
from tests.simulation.judging import CHECKS, violations

BREAKS = (*of_clicks.BREAKS, *of_posts.BREAKS, *of_promptness.BREAKS, *of_folds.BREAKS)


def test_of_an_ordinary_day_nothing_is_said(day: Day) -> None:
    assert violations(day.scene) == []


@pytest.mark.parametrize("broken", BREAKS, ids=lambda one: one.harm.__name__)
def test_a_broken_promise_is_told(day: Day, broken: Break) -> None:
    assert list(broken.check(day)) == []
    broken.harm(day)
    assert any(broken.says in why for why in broken.check(day))


def test_every_check_is_tried() -> None:
    assert {one.check for one in BREAKS} == set(CHECKS)


def test_the_judge_tells_of_workers_checks_and_the_audit(day: Day) -> None:
    day.scene.faults_of_ours.append("host0.1: KeyError: 'x'")
    of_clicks.twice(day)
    position = day.first("click_attempt").position
    rows = day.scene.server.log(day.scene.account).rows
    rows[position] = replace(rows[position], spends=None)
    found = "\n".join(violations(day.scene))
    assert "a worker ended in host0.1: KeyError: 'x'" in found
    assert "every_permit_bought_one_press: pressed 2 times" in found
    assert f": position {position}, " in found
