"""Skew: a worker whose clock is not the database's says so, once while it lasts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from edge.worker.skew import SkewWatch
from edge.worker.watching import Watchdog
from schema.events.operations import ClockSkewed
from tests.handlers.given import ME
from tests.performers.orders import Bench
from tests.worker.workers import BUILD

CADENCE_S = 300


class Rounds:
    """One worker's reports, one a slot, with its clock ahead of the database's by some seconds."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.watch = SkewWatch(bench.store, bench.clock, BUILD.worker_id)
        self.watchdog = Watchdog(bench.store, BUILD, CADENCE_S)

    async def round(self, ahead_s: float) -> list[int]:
        """Report in a new slot; return every skew on record."""
        clock = self.bench.clock
        clock.pass_s(CADENCE_S)
        self.bench.store.now = lambda: clock.now() - timedelta(seconds=ahead_s)
        before = clock.now()
        await self.watch.compare(before, await self.watchdog.report([ME], before), [ME])
        return [event.by_ms for event in self.bench.said(ClockSkewed)]


@pytest.mark.parametrize("ahead_s", [-3600, -2.5, 2.5, 3600])
async def test_a_skew_is_told_once_with_its_size_and_sign(bench: Bench, ahead_s: float) -> None:
    rounds = Rounds(bench)
    assert await rounds.round(ahead_s) == [ahead_s * 1000]
    assert await rounds.round(ahead_s) == [ahead_s * 1000]


async def test_a_skew_that_comes_again_is_told_again(bench: Bench) -> None:
    rounds = Rounds(bench)
    await rounds.round(-3)
    await rounds.round(0)
    assert await rounds.round(-4) == [-3000, -4000]


@pytest.mark.parametrize("ahead_s", [-2, 0, 2])
async def test_two_seconds_are_nothing(bench: Bench, ahead_s: float) -> None:
    assert await Rounds(bench).round(ahead_s) == []


async def test_a_worker_that_was_paused_is_not_skewed(bench: Bench) -> None:
    rounds, before = Rounds(bench), bench.clock.now()
    bench.clock.pass_s(60)
    reports = await rounds.watchdog.report([ME], before)
    bench.clock.pass_s(60)
    await rounds.watch.compare(before, reports, [ME])
    assert bench.said(ClockSkewed) == []


async def test_a_report_that_was_in_the_log_before_says_nothing_of_the_clock(bench: Bench) -> None:
    now = bench.clock.now()
    await Watchdog(bench.store, BUILD, CADENCE_S).report([ME], now)
    bench.store.now = lambda: now + timedelta(seconds=90)
    assert await Watchdog(bench.store, BUILD, CADENCE_S).report([ME], now) == []
