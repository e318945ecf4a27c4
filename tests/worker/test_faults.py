"""Faults: whatever nobody foresaw is on record, bounded, without secrets and without a database."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.worker.faults import MESSAGE_CHARS_MAX, Faults
from edge.worker.folding import Folding
from edge.worker.stops import StopWatch
from handlers.deciding.slot_opener import slot_opener
from projectors.slots import slots
from schema.errors import DatabaseUnreachable
from schema.events.operations import Job, UnhandledException, WatchdogReported, WorkerStarted
from schema.ids import SYSTEM, named
from tests.handlers.facts import due
from tests.handlers.given import ME
from tests.performers.orders import Bench
from tests.worker.workers import BUILD, turns, worker


def faults(bench: Bench) -> Faults:
    return Faults(bench.store, bench.clock, bench.world.spool, named("worker"))


def failing(*_given: Any, **_named: Any) -> Any:
    raise ZeroDivisionError("a bug")


async def test_a_fault_is_on_record_with_where_and_what(bench: Bench) -> None:
    await faults(bench).note(ME, "here", ValueError("odd"))
    assert bench.said(UnhandledException) == [
        UnhandledException(where="here", kind="ValueError", message="odd")
    ]


async def test_repeats_are_said_once_a_minute_with_their_count(bench: Bench) -> None:
    ours = faults(bench)
    for _ in range(100):
        await ours.note(ME, "here", ValueError("odd"))
    assert len(bench.said(UnhandledException)) == 1
    bench.clock.pass_s(60)
    await ours.repeat()
    assert [event.count for event in bench.said(UnhandledException)] == [1, 99]
    bench.clock.pass_s(60)
    await ours.repeat()
    assert len(bench.said(UnhandledException)) == 2
    await ours.note(ME, "here", ValueError("odd"))
    assert len(bench.said(UnhandledException)) == 3


async def test_another_place_or_kind_is_another_fault(bench: Bench) -> None:
    ours = faults(bench)
    await ours.note(ME, "here", ValueError("odd"))
    await ours.note(ME, "there", ValueError("odd"))
    await ours.note(ME, "here", KeyError("odd"))
    assert len(bench.said(UnhandledException)) == 3


@pytest.mark.parametrize(
    "secret", ["postgresql://me:hunter2@db/x", "sk-abcdefghij", "Bearer hunter2"]
)
async def test_no_credential_enters_the_log_and_no_page_does(bench: Bench, secret: str) -> None:
    await faults(bench).note(ME, "here", ValueError(f"{secret} \0 {'x' * 9000}"))
    [event] = bench.said(UnhandledException)
    assert "***" in event.message
    assert not {"hunter2", "abcdefghij"} & set(event.message.replace("@", " ").split())
    assert "hunter2" not in event.message
    assert len(event.message) == MESSAGE_CHARS_MAX


async def test_while_the_database_is_away_a_fault_is_kept_on_disk(bench: Bench) -> None:
    bench.store.lost_before = "unhandled_exception"
    await faults(bench).note(ME, "here", ValueError("odd"))
    assert bench.said(UnhandledException) == []
    [(_, account, command)] = bench.world.spool.kept()
    assert account == ME
    assert [new.event for new in command.events] == [
        UnhandledException(where="here", kind="ValueError", message="odd")
    ]


@pytest.mark.parametrize(
    ("handlers", "views", "where"),
    [
        ([replace(slot_opener, decide=failing)], [], "handler slot_opener"),
        ([slot_opener], [replace(slots, evolve=failing)], "view slots"),
    ],
)
async def test_a_rule_or_a_view_that_fails_says_so_and_only_once(
    bench: Bench, handlers: Any, views: Any, where: str
) -> None:
    folding = Folding(bench.store, handlers, views, faults(bench))
    bench.say(due(Job.SCHEDULE))
    for _ in range(30):
        await folding.round()
    [event] = bench.said(UnhandledException)
    assert (event.where, event.kind, event.message) == (where, "ZeroDivisionError", "a bug")


async def test_a_fault_that_ends_the_worker_is_on_record_first(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.worker.ticking.Ticker.tick", failing)
    with pytest.raises(ZeroDivisionError):
        await worker(bench, tmp_path).run()
    said = [row.event for row in bench.store.logs[SYSTEM].rows]
    assert UnhandledException(where="ticking", kind="ZeroDivisionError", message="a bug") in said


async def test_a_fault_while_booting_is_on_record(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StopWatch, "announce", failing)
    with pytest.raises(ZeroDivisionError):
        await worker(bench, tmp_path).run()
    said = [row.event for row in bench.store.logs[SYSTEM].rows]
    assert said[-1] == UnhandledException(
        where="booting", kind="ZeroDivisionError", message="a bug"
    )


async def test_a_listener_that_dies_ends_the_worker_instead_of_leaving_everybody_waiting(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.store, "wait", failing)
    running = asyncio.create_task(worker(bench, tmp_path).run())
    await turns()
    bench.clock.pass_s(1)
    with pytest.raises(ZeroDivisionError):
        await running


async def test_a_database_that_is_away_at_boot_is_no_fault(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: Any) -> Any:
        raise DatabaseUnreachable("no connection")

    monkeypatch.setattr(StopWatch, "announce", away)
    with pytest.raises(DatabaseUnreachable):
        await worker(bench, tmp_path).run()
    assert not any(row.type == "unhandled_exception" for row in bench.store.logs[SYSTEM].rows)


async def test_boot_and_report_say_who_runs_what_and_when_each_role_came_round(
    bench: Bench, tmp_path: Path
) -> None:
    one = worker(bench, tmp_path, build=replace(BUILD, settings_hash="5e77"))
    running = asyncio.create_task(one.run())
    for _ in range(2):
        await turns()
        bench.clock.pass_s(300)
    await turns()
    one.draining.set()
    bench.clock.pass_s(one.tick_s)
    await running
    [started] = bench.said(WorkerStarted)
    assert (started.git_sha, started.version, started.host) == ("abc", "1", "here")
    assert (started.pid, started.roles, started.settings_hash) == (1, ("all",), "5e77")
    report = bench.said(WatchdogReported)[-1]
    assert set(report.last_activity) == {"folding", "ticking"}
    assert max(report.last_activity.values()) <= bench.clock.now()
    assert report.git_sha == "abc"
    assert "slot_opener" in report.lag
