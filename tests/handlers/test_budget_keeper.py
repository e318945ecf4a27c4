"""The budget keeper: a call of which nobody heard again is settled at the most it may cost."""

from __future__ import annotations

from handlers.money.budget_keeper import budget_keeper
from schema.events.operations import Job
from tests.handlers.facts import due, minutes
from tests.handlers.given import NOTHING, Scene
from tests.money.accounts import budget, called, lapsed, reserved

WATCH = due(Job.WATCHDOG)


def test_a_dead_call_lapses_after_fifteen_minutes_once() -> None:
    scene = Scene(budget_keeper, budget(), reserved(1), minutes(14))
    assert scene.when(WATCH) == NOTHING
    assert scene.given(minutes(1)).when(WATCH) == [lapsed(1)]
    assert scene.given(minutes(60)).when(WATCH) == NOTHING


def test_a_call_that_ended_does_not_lapse() -> None:
    scene = Scene(budget_keeper, budget(), reserved(1), called(1), minutes(60))
    assert scene.when(WATCH) == NOTHING


def test_a_reservation_that_did_not_stand_does_not_lapse() -> None:
    scene = Scene(budget_keeper, budget("0"), reserved(1), minutes(60))
    assert scene.when(WATCH) == NOTHING


def test_no_other_job_looks() -> None:
    scene = Scene(budget_keeper, budget(), reserved(1), minutes(60))
    assert scene.when(due(Job.POST)) == NOTHING
