"""The fetch: each source in its timebox, nothing found is lost, and an end whatever happens."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from edge.performers.fetch import CHARS_MAX, Fetch
from edge.stages import Stage, during
from schema.errors import DatabaseUnreachable, SiteError
from schema.events.fetching import (
    CandidateFound,
    FetchCompleted,
    FetchFailed,
    FetchStarted,
    SourceCompleted,
    SourceFailed,
    SourcePlan,
    SourceTimedOut,
    Trigger,
)
from schema.ids import Account, RunId, named
from schema.posts import Source
from tests.doubles.clock import VirtualClock
from tests.doubles.site import DoubleSite
from tests.handlers.facts import post
from tests.performers.orders import Bench

FETCH = Fetch()


def plan(source: Source, *queries: str, timebox_s: int = 90) -> SourcePlan:
    return SourcePlan(source=source, queries=queries, next_cursor=0, limit=10, timebox_s=timebox_s)


def order(bench: Bench, *plans: SourcePlan, deadline_s: int = 230) -> None:
    run_id = RunId(named("fetch", str(len(bench.log.rows))))
    bench.say(FetchStarted(run_id=run_id, trigger=Trigger.DUE, plan=plans, deadline_s=deadline_s))


def found(bench: Bench) -> list[str]:
    return [event.post.post_id for event in bench.said(CandidateFound)]


async def test_every_query_of_every_source_is_read(bench: Bench) -> None:
    bench.site.pages = {"a": [[post(1)], [post(2)]], "b": [[post(3)]], "k": [[post(4)]]}
    order(bench, plan(Source.CURATED, "a", "b"), plan(Source.KEYWORD, "k"))
    [completed] = await bench.perform(FETCH)
    assert found(bench) == ["p1", "p2", "p3", "p4"]
    assert [(e.source, e.seen, e.new) for e in bench.said(SourceCompleted)] == [
        (Source.CURATED, 3, 3),
        (Source.KEYWORD, 1, 1),
    ]
    assert isinstance(completed, FetchCompleted)
    assert (completed.ok, completed.seen, completed.new) == (True, 4, 4)


async def test_a_post_seen_before_is_no_new_candidate(bench: Bench) -> None:
    bench.site.pages = {"a": [[post(1)]], "b": [[post(1), post(2)]]}
    order(bench, plan(Source.CURATED, "a"), plan(Source.CURATED, "b"))
    [completed] = await bench.perform(FETCH)
    assert found(bench) == ["p1", "p2"]
    assert isinstance(completed, FetchCompleted)
    assert (completed.seen, completed.new) == (3, 2)


async def test_a_run_that_finds_nothing_is_ok(bench: Bench) -> None:
    order(bench, plan(Source.VIRAL, "nothing"))
    [completed] = await bench.perform(FETCH)
    assert isinstance(completed, FetchCompleted)
    assert (completed.ok, completed.seen) == (True, 0)


@pytest.mark.parametrize("error", [SiteError("no such page"), ValueError("a bug")])
async def test_a_failing_source_does_not_stop_the_next(bench: Bench, error: Exception) -> None:
    bench.site.pages = {"a": [[post(1)], error], "k": [[post(2)]]}
    order(bench, plan(Source.CURATED, "a"), plan(Source.KEYWORD, "k"))
    failed, completed = await bench.perform(FETCH)
    assert found(bench) == ["p1", "p2"]
    [source] = bench.said(SourceFailed)
    assert (source.source, source.seen) == (Source.CURATED, 1)
    assert isinstance(failed, FetchFailed)
    assert str(error) in failed.reason
    assert isinstance(completed, FetchCompleted)
    assert completed.ok, "partial results count"


class Slow(DoubleSite):
    """A site whose every page takes three seconds to come and one to be read."""

    clock: VirtualClock

    async def source_pages(self, source: Source, query: str, *, limit: int) -> Any:
        async for posts in super().source_pages(source, query, limit=limit):
            with during(Stage.NAV):
                self.clock.pass_s(3)
            self.clock.pass_s(1)
            yield posts


async def test_a_run_says_where_its_time_went(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = bench.world.sites.only = Slow()  # type: ignore[attr-defined]
    site.clock = bench.clock
    site.pages = {"a": [[post(1)], [post(2)], SiteError("gone")]}
    opened, appended = bench.world.sites.site, bench.store.append

    async def open_slowly(account: Account) -> Any:
        bench.clock.pass_s(5)
        return await opened(account)

    async def append_slowly(*args: Any, **fields: Any) -> Any:
        bench.clock.pass_s(0.25)
        return await appended(*args, **fields)

    monkeypatch.setattr(bench.world.sites, "site", open_slowly)
    monkeypatch.setattr(bench.store, "append", append_slowly)
    order(bench, plan(Source.CURATED, "a"))
    for event in await bench.perform(FETCH):
        assert isinstance(event, FetchFailed | FetchCompleted)
        spent = (event.browser_acquire_ms, event.nav_ms, event.extract_ms, event.db_ms)
        assert spent == (5000, 6000, 2000, 750)


async def test_a_run_that_only_fails_is_not_ok(bench: Bench) -> None:
    bench.site.pages = {"a": [SiteError("logged out")]}
    order(bench, plan(Source.CURATED, "a"))
    failed, completed = await bench.perform(FETCH)
    assert isinstance(failed, FetchFailed)
    assert failed.reason == "curated: logged out"
    assert isinstance(completed, FetchCompleted)
    assert not completed.ok


class Stalled(DoubleSite):
    """A site whose source shows its first page and then nothing more, ever."""

    async def source_pages(self, source: Source, query: str, *, limit: int) -> Any:
        yield [post(1)]
        if query == "stalls":
            await asyncio.Event().wait()


async def test_a_timeout_keeps_what_was_found_and_the_next_source_runs(bench: Bench) -> None:
    bench.world.sites.only = Stalled()  # type: ignore[attr-defined]
    order(bench, plan(Source.CURATED, "stalls", timebox_s=0), plan(Source.KEYWORD, "k"))
    [completed] = await bench.perform(FETCH)
    [late] = bench.said(SourceTimedOut)
    assert (late.source, late.seen, late.new) == (Source.CURATED, 1, 1)
    [whole] = bench.said(SourceCompleted)
    assert (whole.source, whole.seen, whole.new) == (Source.KEYWORD, 1, 0)
    assert isinstance(completed, FetchCompleted)
    assert completed.ok


async def test_no_source_runs_beyond_the_runs_deadline(bench: Bench) -> None:
    bench.world.sites.only = Stalled()  # type: ignore[attr-defined]
    order(bench, plan(Source.CURATED, "stalls"), deadline_s=0)
    await bench.perform(FETCH)
    assert len(bench.said(SourceTimedOut)) == 1


async def test_a_run_delivered_again_has_what_is_left_of_its_deadline(bench: Bench) -> None:
    bench.world.sites.only = Stalled()  # type: ignore[attr-defined]
    order(bench, plan(Source.CURATED, "stalls"), deadline_s=230)
    bench.store.lost_before = "candidate_found"
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(FETCH)
    bench.store.lost_before = ""
    bench.redeliver()
    bench.clock.pass_s(240)
    async with asyncio.timeout(10):  # of ninety seconds nothing is left
        await bench.perform(FETCH)
    assert len(bench.said(SourceTimedOut)) == 1


async def test_times_are_those_of_the_boot_clock(bench: Bench) -> None:
    bench.site.pages = {"a": [lambda: bench.clock.pass_s(3)], "k": [lambda: bench.clock.pass_s(2)]}
    order(bench, plan(Source.CURATED, "a"), plan(Source.KEYWORD, "k"))
    [completed] = await bench.perform(FETCH)
    assert [event.elapsed_ms for event in bench.said(SourceCompleted)] == [3000, 2000]
    assert isinstance(completed, FetchCompleted)
    assert completed.elapsed_ms == 5000


async def test_a_very_long_post_is_cut(bench: Bench) -> None:
    bench.site.pages = {"a": [[post(1, text="x" * (CHARS_MAX["text"] + 1))]]}
    order(bench, plan(Source.CURATED, "a"))
    await bench.perform(FETCH)
    [event] = bench.said(CandidateFound)
    assert len(event.post.text) == CHARS_MAX["text"]


async def test_without_the_database_the_order_comes_again(bench: Bench) -> None:
    bench.site.pages = {"a": [[post(1)]]}
    order(bench, plan(Source.CURATED, "a"))
    bench.store.lost_before = "candidate_found"
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(FETCH)
    bench.store.lost_before = ""
    bench.redeliver()
    await bench.perform(FETCH)
    assert found(bench) == ["p1"]


async def test_a_run_delivered_again_finds_nothing_twice(bench: Bench) -> None:
    bench.site.pages = {"a": [[post(1)]]}
    order(bench, plan(Source.CURATED, "a"))
    await bench.perform(FETCH)
    bench.redeliver()
    [completed] = await bench.perform(FETCH)
    assert found(bench) == ["p1"]
    assert isinstance(completed, FetchCompleted)
    assert (completed.seen, completed.new) == (1, 0)
