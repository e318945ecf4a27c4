"""Stops: the log, the flag and the file; any one suffices, and changes are on record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edge.worker.signs import REPORTS_MISSED
from edge.worker.stops import StopWatch
from edge.worker.watching import Watchdog
from schema.contracts import Page
from schema.events.operations import PostingAllowed, PostingStopped, StopSource, WorkerStopped
from schema.ids import named
from tests.handlers.facts import found, seconds, stopped
from tests.handlers.given import ME, NOON
from tests.performers.orders import Bench
from tests.worker.workers import BUILD


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "stop-posting"


def watch(
    bench: Bench,
    file: Path,
    *,
    flag: bool = False,
    worker: str = "one",
    died: Sequence[str] = (),
) -> StopWatch:
    gone = {named(name) for name in died}
    return StopWatch(
        bench.store, flag=flag, file=file, worker_id=named(worker), died=gone.__contains__
    )


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
    bench.say(found())
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


FLAG_ON, FLAG_OFF = (PostingStopped, StopSource.FLAG), (PostingAllowed, StopSource.FLAG)


async def report(bench: Bench, worker: str, times: int = 1) -> None:
    build = replace(BUILD, worker_id=named(worker))
    for _ in range(times):
        await Watchdog(bench.store, build, 1).report([ME], NOON + seconds(len(bench.log.rows)))


def stands(bench: Bench) -> list[str]:
    return list(bench.log.stops)


async def test_a_worker_without_the_flag_leaves_anothers_alone(bench: Bench, file: Path) -> None:
    await watch(bench, file, flag=True).announce([ME])
    other = watch(bench, file, worker="two")
    for _ in range(3):
        await report(bench, "one")
        await report(bench, "two")
        await other.announce([ME])
    assert on_record(bench) == [FLAG_ON]


async def test_every_worker_that_sees_the_flag_holds_it_itself(bench: Bench, file: Path) -> None:
    one, two = watch(bench, file, flag=True), watch(bench, file, flag=True, worker="two")
    await one.announce([ME])
    await two.announce([ME])
    assert len(stands(bench)) == 2
    await watch(bench, file, worker="three", died=("one",)).announce([ME])
    assert stands(bench) == [f"flag:{named('two')}"]


async def goodbye(bench: Bench) -> StopWatch:
    bench.say(WorkerStopped(worker_id=named("one"), reason="drained"))
    return watch(bench, bench.world.spool.folder / "none", worker="two")


async def death(bench: Bench) -> StopWatch:
    return watch(bench, bench.world.spool.folder / "none", worker="two", died=("one",))


async def silence(bench: Bench) -> StopWatch:
    await report(bench, "two", REPORTS_MISSED)
    return watch(bench, bench.world.spool.folder / "none", worker="two")


@pytest.mark.parametrize("ends", [goodbye, death, silence])
async def test_the_flag_of_a_worker_that_is_gone_is_taken_back(
    bench: Bench, file: Path, ends: Callable[[Bench], Awaitable[StopWatch]]
) -> None:
    await watch(bench, file, flag=True).announce([ME])
    other = await ends(bench)
    await other.announce([ME])
    assert on_record(bench) == [FLAG_ON, FLAG_OFF]
    assert stands(bench) == []


async def test_silence_is_counted_from_the_last_sign_on(bench: Bench, file: Path) -> None:
    await watch(bench, file, flag=True).announce([ME])
    other = watch(bench, file, worker="two")
    for _ in range(4):
        await report(bench, "two", REPORTS_MISSED - 1)
        await other.announce([ME])
        await report(bench, "one")
    await report(bench, "two", REPORTS_MISSED)
    assert stands(bench) != []
    await other.announce([ME])
    assert stands(bench) == []


async def test_a_third_workers_reports_are_no_silence_of_the_first(
    bench: Bench, file: Path
) -> None:
    await watch(bench, file, flag=True).announce([ME])
    await report(bench, "three", 9)
    await watch(bench, file, worker="two").announce([ME])
    assert on_record(bench) == [FLAG_ON]


async def test_one_that_was_taken_for_gone_says_again_what_it_sees(
    bench: Bench, file: Path
) -> None:
    one = watch(bench, file, flag=True)
    await one.announce([ME])
    await (await silence(bench)).announce([ME])
    await one.announce([ME])
    assert on_record(bench) == [FLAG_ON, FLAG_OFF, FLAG_ON]
    assert stands(bench) == [f"flag:{named('one')}"]


async def test_a_worker_that_starts_anew_with_the_flag_leaves_no_gap(
    bench: Bench, file: Path
) -> None:
    await watch(bench, file, flag=True).announce([ME])
    await watch(bench, file, flag=True, worker="two", died=("one",)).announce([ME])
    assert on_record(bench) == [FLAG_ON, FLAG_ON, FLAG_OFF]
    assert stands(bench) == [f"flag:{named('two')}"]


async def test_two_that_find_a_hold_over_say_it_once(bench: Bench, file: Path) -> None:
    await watch(bench, file, flag=True).announce([ME])
    late = watch(bench, file, worker="three", died=("one",))
    early = watch(bench, file, worker="two", died=("one",))
    stale = bench.store.read

    async def nothing_newer(*args: Any, **fields: Any) -> Page:
        page = await stale(*args, **fields)
        return replace(page, events=[e for e in page.events if e.type != "posting_allowed"])

    await early.announce([ME])
    bench.store.read = nothing_newer  # type: ignore[method-assign]
    await late.announce([ME])
    assert on_record(bench) == [FLAG_ON, FLAG_OFF]


async def test_a_stop_from_before_workers_had_names_is_anybodys_to_end(
    bench: Bench, file: Path
) -> None:
    bench.say(stopped(StopSource.FLAG))
    await watch(bench, file).announce([ME])
    assert stands(bench) == []


async def test_no_worker_takes_back_the_logged_switch(bench: Bench, file: Path) -> None:
    bench.say(stopped())
    await watch(bench, file).announce([ME])
    assert on_record(bench) == [(PostingStopped, StopSource.LOGGED)]
