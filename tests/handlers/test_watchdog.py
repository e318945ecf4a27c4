"""The watchdog: a slot of which nothing comes is closed as an error, loudly and once."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.watching.watchdog import watchdog
from schema.events.operations import Job
from schema.events.scheduling import SlotClosed, SlotFailed, SlotReason
from schema.rules import ScheduleRules
from schema.severity import is_error
from tests.handlers.facts import due, minutes, queued, rules, seconds, slot_opened
from tests.handlers.given import NOON, NOTHING, Scene
from tests.handlers.test_alert_keeper import booted

LOOK = due(Job.POST)
RUN = slot_opened(1).scheduler_run_id


def closed(n: int = 1) -> SlotClosed:
    return SlotClosed(
        scheduler_run_id=slot_opened(n).scheduler_run_id,
        slot=NOON,
        reason=SlotReason.QUEUE_EMPTY,
        decision_id=None,
        queue_size=0,
    )


@pytest.mark.parametrize("look", [due(Job.POST), due(Job.WATCHDOG)])
def test_a_slot_that_stays_open_fails_loudly_and_ends_as_an_error(look: Any) -> None:
    scene = Scene(watchdog, booted(), queued(1), slot_opened(1), minutes(5))
    failed, ended = scene.when(look)
    assert isinstance(failed, SlotFailed)
    assert (failed.scheduler_run_id, failed.open_s) == (RUN, 300)
    assert "its permit could not be made" in failed.reason
    assert is_error(failed)
    assert isinstance(ended, SlotClosed)
    assert (ended.scheduler_run_id, ended.reason) == (RUN, SlotReason.ERROR)
    assert (ended.decision_id, ended.queue_size, ended.detail) == (None, 1, failed.reason)
    assert scene.when(look) == NOTHING


def test_a_slot_is_given_five_minutes() -> None:
    scene = Scene(watchdog, booted(), slot_opened(1), seconds(299))
    assert scene.when(LOOK) == NOTHING
    assert scene.given(seconds(1)).when(LOOK)


def test_a_slot_that_started_late_has_its_whole_time() -> None:
    scene = Scene(watchdog, booted(), minutes(60), slot_opened(1), seconds(299))
    assert scene.when(LOOK) == NOTHING
    failed, _ = scene.given(seconds(1)).when(LOOK)
    assert isinstance(failed, SlotFailed)
    assert failed.open_s == 300


def test_how_long_a_slot_may_stay_open_is_a_setting() -> None:
    patient = rules(schedule=ScheduleRules(lost_after_s=600))
    scene = Scene(watchdog, patient, booted(), slot_opened(1), minutes(9))
    assert scene.when(LOOK) == NOTHING
    assert scene.given(minutes(1)).when(LOOK)


def test_a_slot_that_has_ended_is_left_alone() -> None:
    assert Scene(watchdog, booted(), slot_opened(1), closed(), minutes(60)).when(LOOK) == NOTHING


def test_each_open_slot_fails_by_itself() -> None:
    facts = [slot_opened(1), slot_opened(2), slot_opened(3), closed(2), minutes(5)]
    said = Scene(watchdog, booted(), *facts).when(LOOK)
    ended = [event.scheduler_run_id for event in said if isinstance(event, SlotClosed)]
    assert ended == [slot_opened(n).scheduler_run_id for n in (1, 3)]


def test_a_worker_that_just_started_may_fill_the_slot_that_it_finds_open() -> None:
    scene = Scene(watchdog, booted(), slot_opened(1), minutes(60), booted(), minutes(4))
    assert scene.when(LOOK) == NOTHING
    assert scene.given(minutes(1)).when(LOOK)


def test_no_other_job_looks() -> None:
    scene = Scene(watchdog, booted(), slot_opened(1), minutes(60))
    assert scene.when(due(Job.FETCH)) == NOTHING
