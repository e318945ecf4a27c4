"""Clock steps: a wall clock that moves by itself is on record, and doubles no slot."""

from __future__ import annotations

import pytest

from edge.worker.stepping import ClockWatch
from edge.worker.ticking import Ticker
from schema.events.operations import ClockStepped, Job, JobDue
from tests.handlers.given import ME
from tests.performers.orders import Bench
from tests.worker.workers import BUILD


def watch(bench: Bench) -> ClockWatch:
    return ClockWatch(bench.store, bench.clock, BUILD.worker_id)


@pytest.mark.parametrize("step_s", [-3600, -2, 2, 86_400])
async def test_a_step_is_told_once_with_its_size(bench: Bench, step_s: int) -> None:
    one = watch(bench)
    bench.clock.pass_s(60)
    bench.clock.step_s(step_s)
    await one.look([ME])
    bench.clock.pass_s(60)
    await one.look([ME])
    assert [event.by_s for event in bench.said(ClockStepped)] == [step_s]


async def test_time_that_only_passes_is_no_step(bench: Bench) -> None:
    one = watch(bench)
    for passed_s in (0.1, 600, 86_400):
        bench.clock.pass_s(passed_s)
        bench.clock.step_s(1.5)
        await one.look([ME])
    assert bench.said(ClockStepped) == []


async def test_a_clock_that_goes_back_repeats_no_slot(bench: Bench) -> None:
    one = Ticker(bench.store, bench.clock, {ME: "UTC"}, {Job.POST: 60})
    await one.tick()
    bench.clock.pass_s(120)
    await one.tick()
    bench.clock.step_s(-120)
    await one.tick()
    await Ticker(bench.store, bench.clock, {ME: "UTC"}, {Job.POST: 60}).tick()
    slots = [event.slot for event in bench.said(JobDue)]
    assert len(slots) == len(set(slots)) == 2
