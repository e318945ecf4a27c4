"""Ordinary days: every slot closes, every fetch ends, every click is settled, the queue is full."""

from __future__ import annotations

from collections import defaultdict
from copy import copy

import pytest

from tests.simulation.breaking.day import Day
from tests.simulation.breaking.of_clicks import twice
from tests.simulation.checks.facts import Facts
from tests.simulation.faults import Weather
from tests.simulation.month import QUEUE_SHARE, judged, live, never_late, queue_share, told
from tests.simulation.playing import play


@pytest.mark.slow
def test_three_ordinary_days_are_in_order() -> None:
    month = live(1, 3.0)

    assert month.wrong == (), told(month)
    assert month.queue_share >= QUEUE_SHARE
    assert month.confirmed > 0


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts(play(2, hours=8.0, weather=Weather.ORDINARY))


def without(facts: Facts, name: str) -> Facts:
    """Return what a log without events of this type would tell."""
    poorer = copy(facts)
    poorer.rows = [row for row in facts.rows if row.type != name]
    poorer.by_type = facts.by_type | {name: []}
    kept = {key: rows for key, rows in facts.by_permit.items() if key[0] != name}
    poorer.by_permit = defaultdict(list, kept)
    return poorer


@pytest.mark.parametrize(
    ("lost", "said"),
    [("slot_closed", "slot"), ("fetch_completed", "fetch"), ("posting_success", "attempt")],
)
def test_what_never_ends_is_noticed(facts: Facts, lost: str, said: str) -> None:
    assert not any(never_late(facts))
    assert any(why.startswith(said) for why in never_late(without(facts, lost)))


def test_an_empty_queue_is_noticed(facts: Facts) -> None:
    assert queue_share(facts) >= QUEUE_SHARE
    assert queue_share(without(facts, "candidate_queued")) < QUEUE_SHARE


def test_what_was_wrong_is_told_with_the_month(day: Day) -> None:
    assert judged(day).wrong == ()
    twice(day)
    day.forget("slot_closed")
    day.rows = [row for row in day.rows if row.type != "candidate_queued"]
    month = judged(day)
    for said in ("pressed 2 times", "slot ", "the queue held 10 in 0.0% of the time only"):
        assert any(said in why for why in month.wrong)
    assert f"violations                    {len(month.wrong):>7}\n" in told(month)
    assert "pressed 2 times" in told(month)
