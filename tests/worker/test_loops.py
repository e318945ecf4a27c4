"""Loops: they run while there is work, sleep while there is none, and finish what is under way."""

from __future__ import annotations

import asyncio

import pytest

from edge.worker.loops import AWAY_S, Loop, Wakeups
from schema.errors import DatabaseUnreachable
from tests.handlers.facts import found
from tests.performers.orders import Bench
from tests.worker.workers import turns


class Step:
    """A step that says whether there was work, or raises, as a list says; then there is none."""

    def __init__(self, *says: bool | Exception) -> None:
        self.says = list(says)
        self.times = 0

    async def __call__(self) -> object:
        self.times += 1
        said = self.says.pop(0) if self.says else False
        if isinstance(said, Exception):
            raise said
        return said


class Running:
    """One loop under way."""

    def __init__(self, bench: Bench, step: Step) -> None:
        self.draining = asyncio.Event()
        self.wakeups = Wakeups(bench.store, bench.clock)
        self.loop = Loop("judge-1", self.wakeups, bench.clock)
        self.task = asyncio.create_task(self.loop.run(step, self.draining))

    async def drain(self) -> None:
        self.draining.set()
        self.wakeups.wake()
        await self.task


async def test_a_loop_goes_on_while_there_is_work_and_then_waits(bench: Bench) -> None:
    step = Step(True, True, True)
    running = Running(bench, step)
    await turns()
    assert step.times == 4
    await running.drain()
    assert step.times == 4


async def test_a_wake_up_lets_everybody_look_again(bench: Bench) -> None:
    step = Step()
    running = Running(bench, step)
    await turns()
    running.wakeups.wake()
    await turns()
    assert step.times == 2
    await running.drain()


async def test_an_empty_queue_wakes_nobody_and_counts_as_a_look(bench: Bench) -> None:
    step = Step()
    running = Running(bench, step)
    await turns()
    bench.clock.pass_s(7)
    running.wakeups.wake({"judge": 0, "draft": 3})
    await turns()
    assert (step.times, running.loop.last_at) == (1, bench.clock.now())
    running.wakeups.wake({"judge": 1})
    await turns()
    assert step.times == 2
    await running.drain()


async def test_while_the_store_is_away_tries_come_further_and_further_apart(bench: Bench) -> None:
    away = DatabaseUnreachable("no connection")
    step = Step(*[away] * 6, True)
    running = Running(bench, step)
    for tries, wait_s in enumerate([*AWAY_S, AWAY_S[-1], AWAY_S[-1]], start=1):
        await turns()
        assert step.times == tries
        bench.clock.pass_s(wait_s - 0.01)
        await turns()
        assert step.times == tries
        bench.clock.pass_s(0.01)
    await turns()
    assert step.times == 8
    await running.drain()


async def test_a_store_that_came_back_is_tried_quickly_again(bench: Bench) -> None:
    away = DatabaseUnreachable("no connection")
    step = Step(away, away, True, away)
    running = Running(bench, step)
    for wait_s in (*AWAY_S[:2], AWAY_S[0]):
        await turns()
        bench.clock.pass_s(wait_s)
    await turns()
    assert bench.clock.slept == [*AWAY_S[:2], AWAY_S[0]]
    await running.drain()


async def test_a_bug_ends_the_loop(bench: Bench) -> None:
    running = Running(bench, Step(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        await running.task


async def test_an_append_wakes_the_listener(bench: Bench) -> None:
    wakeups = Wakeups(bench.store, bench.clock)
    listener = asyncio.create_task(wakeups.listen())
    loop = Loop("folding", wakeups, bench.clock)
    waiting = asyncio.create_task(wakeups.wait(loop))
    await turns()
    assert not waiting.done()
    bench.say(found())
    await asyncio.wait_for(waiting, timeout=5)
    listener.cancel()
