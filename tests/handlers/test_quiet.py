"""Quiet hours: nothing is decided, nothing is ordered; the local time of the account counts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from handlers.clicking.posting import posting
from handlers.deciding.planner import planner
from handlers.deciding.scheduler import scheduler
from handlers.quiet import is_quiet
from schema.events.operations import Job, SettingsChanged
from schema.events.planning import PlanningSkipped, PlanReason
from schema.events.posting import ClickOrdered, PassSkip, PostingPassClosed
from schema.events.scheduling import SlotClosed, SlotReason
from schema.rules import PlanRules, ScheduleRules
from tests.handlers.facts import (
    accepted,
    approved,
    created,
    decided,
    due,
    hours,
    queued,
    rules,
    slot_opened,
)
from tests.handlers.given import NOON, Scene

NIGHT = ScheduleRules(quiet_from="22:30", quiet_until="07:00", time_zone="Asia/Tokyo")
TOKYO_MIN = 9 * 60  # NOON is 21:00 there, before the night
DAY_MIN = 24 * 60


def at_local(minute: int) -> datetime:
    return NOON + timedelta(minutes=minute - 12 * 60)


def clock_face(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


# ---- the rule


@pytest.mark.parametrize(
    ("local", "quiet"),
    [("22:29", False), ("22:30", True), ("00:00", True), ("06:59", True), ("07:00", False)],
)
def test_hours_run_over_midnight(local: str, quiet: bool) -> None:
    hour, minute = (int(part) for part in local.split(":"))
    assert is_quiet(NIGHT, at_local(hour * 60 + minute), 0) is quiet


@pytest.mark.parametrize(
    ("start", "end"), [("", ""), ("22:00", ""), ("", "7:00"), ("9:00", "9:00")]
)
def test_without_both_ends_no_hour_is_quiet(start: str, end: str) -> None:
    never = ScheduleRules(quiet_from=start, quiet_until=end)
    assert not any(is_quiet(never, at_local(minute), 0) for minute in range(0, DAY_MIN, 30))


def counted(rule: Callable[..., bool], start: int, end: int, offset_min: int) -> int:
    """Return how many minutes of a day are quiet, and that each lies between the two ends."""
    hours_of = ScheduleRules(quiet_from=clock_face(start), quiet_until=clock_face(end))
    quiet = [m for m in range(DAY_MIN) if rule(hours_of, at_local(m - offset_min), offset_min)]
    assert all((minute - start) % DAY_MIN < (end - start) % DAY_MIN for minute in quiet)
    return len(quiet)


@given(
    start=st.integers(0, DAY_MIN - 1),
    end=st.integers(0, DAY_MIN - 1),
    offset_min=st.integers(-12 * 60, 14 * 60),
)
@example(start=22 * 60, end=7 * 60, offset_min=0)
def test_as_many_minutes_are_quiet_as_lie_between(start: int, end: int, offset_min: int) -> None:
    assert counted(is_quiet, start, end, offset_min) == (end - start) % DAY_MIN


def test_a_rule_that_forgets_the_zone_is_noticed() -> None:
    with pytest.raises(AssertionError):
        counted(lambda hours_of, at, _: is_quiet(hours_of, at, 0), 22 * 60, 7 * 60, TOKYO_MIN)


# ---- who obeys it


def test_a_slot_in_quiet_hours_decides_nothing_and_says_so() -> None:
    scene = Scene(scheduler, rules(schedule=NIGHT), queued(1), hours(2))
    [closed] = scene.when(replace(slot_opened(9), utc_offset_min=TOKYO_MIN))
    assert isinstance(closed, SlotClosed)
    assert (closed.reason, closed.decision_id) == (SlotReason.RATE_LIMITED, None)
    assert closed.detail == "quiet hours 22:30-07:00 Asia/Tokyo"


def test_a_slot_before_them_decides() -> None:
    scene = Scene(scheduler, rules(schedule=NIGHT), queued(1), hours(1))
    closed = scene.when(replace(slot_opened(9), utc_offset_min=TOKYO_MIN))[-1]
    assert isinstance(closed, SlotClosed)
    assert closed.reason is SlotReason.DECIDED


def ready(in_force: SettingsChanged, *passed: timedelta) -> Scene:
    chain = [decided(1, scheduled_at=NOON), created(1), approved(1), accepted(1)]
    return Scene(posting, in_force, *passed, *chain)


def passes(scene: Scene) -> list[Any]:
    return scene.when(replace(due(Job.POST), utc_offset_min=TOKYO_MIN))


def test_a_due_post_waits_for_the_end_of_them() -> None:
    scene = ready(rules(schedule=NIGHT), hours(9.5))  # 06:30 in Tokyo
    [closed] = passes(scene)
    assert isinstance(closed, PostingPassClosed)
    assert (closed.found, closed.ordered, closed.skipped) == (1, 0, PassSkip.QUIET_HOURS)
    assert isinstance(passes(scene.given(hours(0.5), approved(1)))[0], ClickOrdered)


def test_without_quiet_hours_it_would_have_been_ordered() -> None:
    assert isinstance(passes(ready(rules(), hours(9.5)))[0], ClickOrdered)


def test_nothing_is_planned_in_them() -> None:
    plan = PlanRules(topics=("compost",), has_form=True)
    scene = Scene(planner, rules(schedule=NIGHT, plan=plan), hours(2))
    [skipped] = scene.when(replace(due(Job.PLAN), utc_offset_min=TOKYO_MIN))
    assert isinstance(skipped, PlanningSkipped)
    assert skipped.reason is PlanReason.QUIET_HOURS
