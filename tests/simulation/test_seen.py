"""A played day is judged whole: what it broke, what it saw, and a hash of all that was logged."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tests.simulation.breaking.day import Day
from tests.simulation.breaking.of_clicks import twice
from tests.simulation.seen import log_hash, seen_in
from tests.simulation.swarm import judged


def test_a_day_is_judged_by_its_checks(day: Day) -> None:
    assert judged(day.scene).violations == ()
    twice(day)
    [why] = judged(day.scene).violations
    assert why.startswith("every_permit_bought_one_press: pressed 2 times")


def test_what_struck_and_what_happened_is_counted(day: Day) -> None:
    day.scene.faults.struck["pause"] = 2
    seen = seen_in(day.scene)
    assert (seen.seeds, seen.events, seen.faults["pause"]) == (1, len(day.rows), 2)
    assert seen.happened["click_attempt"] == len(day.by_type["click_attempt"])
    assert seen.happened["permit_approved -> click_attempt"] == seen.happened["click_attempt"]
    decided = [row for row in day.by_type["slot_closed"] if row.event.reason == "decided"]
    assert seen.happened["slot decided"] == len(decided) > 0


def another_body(day: Day) -> None:
    day.scene.server.log(day.scene.account).bodies[-1] += b" "


def another_actor(day: Day) -> None:
    rows = day.scene.server.log(day.scene.account).rows
    rows[-1] = replace(rows[-1], actor="somebody")


@pytest.mark.parametrize("harm", [another_body, another_actor])
def test_a_log_that_differs_in_one_place_has_another_hash(
    day: Day, harm: Callable[[Day], None]
) -> None:
    before = log_hash(day.scene)
    assert log_hash(day.scene) == before
    harm(day)
    assert log_hash(day.scene) != before
