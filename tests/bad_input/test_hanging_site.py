"""A site that takes requests and never answers: a fetch ends in its time, whatever it waits for."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from edge.browser import open_site
from edge.browser.session import write_session
from edge.clock import SystemClock
from edge.performers.fetch import Fetch
from edge.sites.profile import load_profile
from schema.events.base import Event
from schema.events.fetching import (
    CandidateFound,
    FetchCompleted,
    FetchStarted,
    SourceCompleted,
    SourcePlan,
    SourceTimedOut,
    Trigger,
)
from schema.ids import RunId, named
from schema.posts import Source
from tests.bad_input.hostile_site import ROW, Answer, HostileSite, hostile_site, page
from tests.doubles.site import DoubleSites
from tests.performers.orders import Bench

pytestmark = pytest.mark.browser

SLACK_S = 15.0
"""For the browser to start and to close its pages on a busy machine; a hang lasts for ever."""

Opened = tuple[HostileSite, Bench]


@pytest_asyncio.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Opened]:
    """Give a hanging site, and a bench whose world reads it with the real browser and clock."""
    session = tmp_path / "session.json"
    write_session(session, [])
    async with hostile_site() as hostile:
        profile = load_profile("spirit")
        site = await open_site(profile, hostile.url, "me", state_dir=tmp_path, session_path=session)
        hostile.otherwise = Answer(silent=True)
        bench = Bench(tmp_path)
        bench.world = replace(bench.world, clock=SystemClock(), sites=DoubleSites(site))  # type: ignore[arg-type]
        try:
            yield hostile, bench
        finally:
            await site.close()


async def run(bench: Bench, *, timebox_s: int, deadline_s: int) -> tuple[list[Event], float]:
    """Fetch from three sources; return how it ended and the seconds that it took."""
    plans = tuple(
        SourcePlan(source=source, queries=(query,), next_cursor=0, limit=5, timebox_s=timebox_s)
        for source, query in (
            (Source.CURATED, "somebody"),
            (Source.KEYWORD, "word"),
            (Source.VIRAL, "active"),
        )
    )
    run_id = RunId(named("fetch"))
    started = FetchStarted(run_id=run_id, trigger=Trigger.DUE, plan=plans, deadline_s=deadline_s)
    bench.say(started)
    began = time.monotonic()
    ended = await bench.perform(Fetch())
    return ended, time.monotonic() - began


async def test_each_source_ends_at_its_timebox(opened: Opened) -> None:
    hostile, bench = opened
    ended, took_s = await run(bench, timebox_s=1, deadline_s=230)
    assert [late.source for late in bench.said(SourceTimedOut)] == [
        Source.CURATED,
        Source.KEYWORD,
        Source.VIRAL,
    ]
    assert took_s < 3 + SLACK_S
    assert hostile.asked
    [completed] = ended
    assert isinstance(completed, FetchCompleted)
    assert not completed.ok


async def test_the_deadline_of_the_run_ends_what_the_timeboxes_would_not(opened: Opened) -> None:
    _, bench = opened
    _, took_s = await run(bench, timebox_s=90, deadline_s=2)
    assert len(bench.said(SourceTimedOut)) == 3
    assert took_s < 2 + SLACK_S


async def test_a_source_that_answers_is_read_after_those_that_hang(opened: Opened) -> None:
    hostile, bench = opened
    hostile.answers = {"/topic/active/": page(ROW % "/topic/7/x/")}
    ended, _ = await run(bench, timebox_s=3, deadline_s=230)
    assert [late.source for late in bench.said(SourceTimedOut)][:2] == [
        Source.CURATED,
        Source.KEYWORD,
    ]
    whole = bench.said(SourceCompleted)
    assert [one.source for one in whole] in ([Source.VIRAL], [])
    assert len(bench.said(CandidateFound)) == sum(one.new for one in whole)
    assert isinstance(ended[-1], FetchCompleted)
