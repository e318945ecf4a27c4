"""`throughput`: nine lines with targets, whose window is what was asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from replay.moment import written
from tests.cli.conftest import Ask
from tests.doubles.production import Production
from tests.doubles.story import Story

NAMES = [
    "fetch started",
    "fetch completed",
    "queue",
    "scheduler started",
    "slots closed",
    "permits created",
    "replies confirmed",
    "judge calls",
    "invalid-source refusals",
]


@pytest.fixture
def afternoon(story: Story) -> Production:
    told = Production(story)
    told.boot()
    told.run(60)
    return told


def failing(found: Any) -> list[str]:
    return [row["name"] for row in found["rows"] if not row["ok"]]


def at(afternoon: Production, **later: float) -> tuple[str, str]:
    return "--at", written(afternoon.now + timedelta(**later))


def test_a_healthy_half_hour_passes(ask: Ask, afternoon: Production) -> None:
    answer = ask("throughput", *at(afternoon), "--json")
    assert (answer.code, answer.json["ok"], answer.json["window_s"]) == (0, True, 1800)
    assert [row["name"] for row in answer.json["rows"]] == NAMES
    targets = [row["target"] for row in answer.json["rows"]]
    assert targets == [3, 2, 10, 2, 2, 2, 1, 1, 0]
    lines = ask("throughput", *at(afternoon)).out.splitlines()
    assert all(line.endswith("PASS") for line in lines[1:10])
    assert lines[-1].startswith("PASS  (garden, 30m up to 2026-01-31T13:00:")


def test_an_hour_after_the_worker_died_nothing_passes_but_the_queue(
    ask: Ask, afternoon: Production
) -> None:
    answer = ask("throughput", *at(afternoon, hours=1), "--json")
    assert answer.code == 1
    assert failing(answer.json) == [name for name in NAMES[:-1] if name != "queue"]


def test_the_targets_follow_the_window(ask: Ask, afternoon: Production) -> None:
    def targets(window: str) -> list[int]:
        found = ask("throughput", "--window", window, *at(afternoon), "--json").json
        return [row["target"] for row in found["rows"]]

    assert targets("60m") == targets("1h") == [6, 4, 10, 4, 4, 4, 2, 1, 0]
    assert targets("10m") == [1, 1, 10, 1, 1, 1, 1, 1, 0]
    assert targets("1d") == [144, 96, 10, 96, 96, 40, 40, 1, 0]


def test_a_source_off_the_allowlist_fails(ask: Ask, afternoon: Production) -> None:
    afternoon.story.foreign("other")
    found = ask("throughput", *at(afternoon), "--json").json
    assert failing(found) == ["invalid-source refusals"]


@pytest.mark.parametrize(
    "window", ["", "0m", "-5m", "30", "m", "1y", "99d", "\u0661m", "9" * 40 + "s"]
)
def test_a_window_that_is_none_is_refused(ask: Ask, story: Story, window: str) -> None:
    story.booted()
    answer = ask("throughput", "--window", window)
    assert (answer.code, answer.out) == (64, "")
    assert "no window of time" in answer.err
