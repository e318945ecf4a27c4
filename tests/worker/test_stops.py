"""Stops: the log, the flag and the file; any one suffices, and changes are on record."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge.worker.stops import StopWatch
from schema.events.operations import PostingAllowed, PostingStopped, StopSource
from schema.ids import named
from tests.handlers.facts import rules, stopped
from tests.handlers.given import ME
from tests.performers.orders import Bench


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "stop-posting"


def watch(bench: Bench, file: Path, *, flag: bool = False, worker: str = "one") -> StopWatch:
    return StopWatch(bench.store, flag=flag, file=file, worker_id=named(worker))


def put(file: Path) -> None:
    file.touch()


def take_away(file: Path) -> None:
    file.unlink()


def on_record(bench: Bench) -> list[tuple[type, StopSource]]:
    return [(type(event), event.source) for event in bench.said(PostingStopped, PostingAllowed)]


async def test_nothing_stops_posting_by_itself(bench: Bench, file: Path) -> None:
    one = watch(bench, file)
    assert await one.why(ME, after=-1) is None
    await one.announce([ME])
    assert on_record(bench) == []


async def test_the_flag_suffices(bench: Bench, file: Path) -> None:
    assert await watch(bench, file, flag=True).why(ME, after=-1)


async def test_the_file_suffices_from_the_moment_it_is_there(bench: Bench, file: Path) -> None:
    one = watch(bench, file)
    put(file)
    assert "stop-posting" in (await one.why(ME, after=-1) or "")
    take_away(file)
    assert await one.why(ME, after=-1) is None


async def test_a_stop_in_the_log_suffices_when_it_came_after_the_attempt(
    bench: Bench, file: Path
) -> None:
    one = watch(bench, file)
    bench.say(stopped())
    bench.say(rules())
    assert await one.why(ME, after=0) is None
    bench.say(stopped(StopSource.FILE))
    assert await one.why(ME, after=1)


async def test_the_file_is_on_record_once_when_it_comes_and_when_it_goes(
    bench: Bench, file: Path
) -> None:
    one = watch(bench, file)
    put(file)
    for _ in range(3):
        await one.announce([ME])
    take_away(file)
    for _ in range(3):
        await one.announce([ME])
    put(file)
    await one.announce([ME])
    assert on_record(bench) == [
        (PostingStopped, StopSource.FILE),
        (PostingAllowed, StopSource.FILE),
        (PostingStopped, StopSource.FILE),
    ]


async def test_a_new_worker_takes_back_what_no_longer_holds(bench: Bench, file: Path) -> None:
    await watch(bench, file, flag=True).announce([ME])
    await watch(bench, file, flag=True, worker="two").announce([ME])
    await watch(bench, file, worker="three").announce([ME])
    assert on_record(bench) == [
        (PostingStopped, StopSource.FLAG),
        (PostingAllowed, StopSource.FLAG),
    ]


async def test_no_worker_takes_back_the_logged_switch(bench: Bench, file: Path) -> None:
    bench.say(stopped())
    await watch(bench, file).announce([ME])
    assert on_record(bench) == [(PostingStopped, StopSource.LOGGED)]
