"""The worker: it boots, works until it is told to drain, and finishes what is under way."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from edge.performers.click import Click
from edge.ports import ClickObservation, Observed
from schema.contracts import NewEvent
from schema.errors import DatabaseUnreachable
from schema.events.fetching import CandidateFound
from schema.events.operations import JobDue, WorkerStarted, WorkerStopped
from schema.events.posting import OutcomeUnknown, PostingSuccess
from schema.ids import Account, EventId, named
from tests.handlers.facts import SOME_EVENT, ended, found
from tests.handlers.reading import ours
from tests.performers.orders import Bench
from tests.worker.workers import Obedient, order_fetch, turns, worker


async def test_a_worker_says_when_it_comes_and_goes(bench: Bench, tmp_path: Path) -> None:
    one = worker(bench, tmp_path)
    running = asyncio.create_task(one.run())
    await turns()
    one.draining.set()
    bench.clock.pass_s(one.tick_s)
    await running
    types = [row.type for row in bench.log.rows]
    assert types.index("worker_started") < types.index("job_due")
    assert types[-1] == "worker_stopped"
    assert len(bench.said(WorkerStarted)) == len(bench.said(WorkerStopped)) == 1


async def test_a_drain_finishes_the_order_under_way_and_begins_no_other(
    bench: Bench, tmp_path: Path
) -> None:
    go = asyncio.Event()
    performer = Obedient(go)
    order_fetch(bench)
    order_fetch(bench)
    one = worker(bench, tmp_path, performer)
    running = asyncio.create_task(one.run())
    await turns()
    assert (performer.begun, performer.done) == (1, 0)
    one.draining.set()
    bench.clock.pass_s(one.tick_s)
    await turns()
    assert not running.done()
    go.set()
    await running
    assert (performer.begun, performer.done) == (1, 1)
    assert len(bench.store.queues.waiting["fetch"]) == 1


async def test_a_worker_whose_loop_has_a_bug_ends_with_it(bench: Bench, tmp_path: Path) -> None:
    one = worker(bench, tmp_path, cadence={})
    with pytest.raises(KeyError):
        await one.run()


async def test_two_workers_double_no_slot(bench: Bench, tmp_path: Path) -> None:
    pair = [worker(bench, tmp_path), worker(bench, tmp_path)]
    running = [asyncio.create_task(one.run()) for one in pair]
    for _ in range(12):
        await turns()
        bench.clock.pass_s(100)
    for one in pair:
        one.draining.set()
    bench.clock.pass_s(1)
    await asyncio.gather(*running)
    due = [(event.job, event.slot) for event in bench.said(JobDue)]
    assert len({slot for _, slot in due}) == 4
    assert len(due) == len(set(due))


async def test_what_was_kept_on_disk_is_in_the_log_before_the_first_tick(
    bench: Bench, tmp_path: Path
) -> None:
    bench.clock.patient = False
    bench.order_click()
    bench.site.answer = ClickObservation(Observed.ACCEPTED, "201", posted_id="q1")
    bench.site.posts = {"q1": ours("q1")}
    bench.store.lost_before = "posting_success"
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(Click("live"))
    bench.store.lost_before = ""
    bench.clock.patient = True
    one = worker(bench, tmp_path)
    running = asyncio.create_task(one.run())
    await turns()
    one.draining.set()
    bench.clock.pass_s(one.tick_s)
    await running
    [success] = bench.said(PostingSuccess)
    assert success.spooled
    types = [row.type for row in bench.log.rows]
    assert types.index("posting_success") < types.index("job_due")
    assert list(bench.world.spool.kept()) == []


async def test_what_was_kept_for_another_database_keeps_no_worker_from_working(
    bench: Bench, tmp_path: Path
) -> None:
    """A data directory may outlive its database; the rest of the spool is appended all the same."""
    elsewhere, ours_id = EventId(named("elsewhere")), EventId(named("ours"))
    lost = ended(OutcomeUnknown, spends=SOME_EVENT, detail="lost")
    await bench.world.spool.keep(Account("of old"), NewEvent(elsewhere, lost))
    await bench.world.spool.keep(bench.log.account, NewEvent(ours_id, found()))
    os.utime(bench.world.spool.folder / f"{elsewhere}.json", (0, 0))
    one = worker(bench, tmp_path)
    running = asyncio.create_task(one.run())
    await turns()
    one.draining.set()
    bench.clock.pass_s(one.tick_s)
    await running
    assert bench.said(JobDue)
    assert len(bench.said(CandidateFound)) == 1
    assert [path.stem for path, _, _ in bench.world.spool.kept()] == [str(elsewhere)]
