"""What the pages say of how things stand: who is behind, who is ready, and for how long."""

from __future__ import annotations

import psycopg
import pytest

from edge.health.vitals import Phase, State
from eventstore.vital_signs import vital_signs
from projectors.ghosts import ghosts
from projectors.permits import permits
from schema.contracts import Command, NewEvent
from schema.events.money import CircuitOpened
from schema.ids import EventId, named
from tests.doubles.clock import VirtualClock
from tests.doubles.story import ACCOUNT
from tests.handlers.facts import allowed, stopped
from tests.health.http import Served, served
from tests.postgres_fixtures import Database

GONE = "insert into gp.checkpoint (account, consumer, \"position\") values (%s, 'gone', -1)"
"""A consumer of an older build, which nobody runs any more."""

LAG, COUNTED = "ghostproof_lag_events", "ghostproof_events_appended_total"


async def said(server: Served, name: str) -> list[dict[str, object]]:
    """Return a metric's values with their labels."""
    figures = (await server.get("/api/metrics")).json
    return list(figures["metrics"].get(name, []))


async def test_a_process_says_how_long_it_has_been_there() -> None:
    clock = VirtualClock()
    async with served(clock=clock) as server:
        clock.pass_s(90)
        assert (await server.get("/health")).json["uptime_s"] == 90.0


@pytest.mark.postgres
async def test_who_is_behind_is_told_and_who_is_no_more_is_not(database: Database) -> None:
    async with database.store() as store:
        await store.open_account(ACCOUNT)
        for number, view in enumerate((permits, ghosts, None)):
            opened = CircuitOpened(reason="quota", request_id="r")
            new = NewEvent(EventId(named("standing", str(number))), opened)
            await store.append(ACCOUNT, [Command((new,))], actor="test")
            if view is not None:
                await store.run_projector(view, ACCOUNT)
        with psycopg.connect(database.admin_url) as admin:
            admin.execute(GONE, [ACCOUNT])
    async with served(database.reader_url) as server:
        ready = (await server.get("/ready")).json
        behind = {one["consumer"]: one["value"] for one in await said(server, LAG)}
    assert behind == {"view_permits": 2, "view_ghosts": 1}
    assert (ready["database"], ready["lag_events_max"]) == (True, 2)


@pytest.mark.postgres
async def test_a_worker_that_works_is_ready_in_the_figures_too(database: Database) -> None:
    async with served(database.reader_url) as server:
        before = [await said(server, f"ghostproof_{name}") for name in ("ready", "database_up")]
        server.vitals.state = State(Phase.WORKING)
        after = [await said(server, f"ghostproof_{name}") for name in ("ready", "database_up")]
    assert before == [[{"value": 0}], [{"value": 1}]]
    assert after == [[{"value": 1}], [{"value": 1}]]


@pytest.mark.postgres
async def test_whoever_looked_without_counting_leaves_the_counters_whole(
    played: Database,
) -> None:
    async with served(played.reader_url, VirtualClock()) as server:
        await server.get("/ready")
        assert await said(server, COUNTED)


@pytest.mark.postgres
async def test_a_stop_is_shown_until_posting_is_allowed(database: Database) -> None:
    clock = VirtualClock()
    async with database.store() as store, served(database.reader_url, clock) as server:
        await store.open_account(ACCOUNT)
        shown = []
        for number, event in enumerate((stopped(), allowed())):
            new = NewEvent(EventId(named("stop", str(number))), event)
            await store.append(ACCOUNT, [Command((new,))], actor="test", approver=True)
            clock.pass_s(60)  # or the last look is still fresh
            [one] = await said(server, "ghostproof_posting_stopped")
            shown.append(one["value"])
    assert shown == [1, 0]


@pytest.mark.postgres
async def test_who_looks_cannot_write_and_does_not_ask_for_long(database: Database) -> None:
    async with vital_signs(database.admin_url) as signs:
        timeout = await signs._connection.execute("show statement_timeout")
        assert await timeout.fetchone() == ("4s",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            await signs._connection.execute("create table public.mine ()")
