"""Ordinary days: every slot closes, every fetch ends, every click is settled, the queue is full."""

from __future__ import annotations

from collections import defaultdict
from copy import copy

import pytest

from tests.simulation.checks.facts import Facts
from tests.simulation.faults import Weather
from tests.simulation.month import QUEUE_SHARE, live, never_late, queue_share, told
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
