"""A worker whose database is away waits for it; what waiting cannot mend ends it."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from psycopg import conninfo
from structlog.testing import capture_logs

from edge.health.vitals import Phase, State, Vitals
from edge.worker.coming_up import patiently, watch_over
from eventstore.connection import connected
from schema.errors import DatabaseUnreachable, LoginRefused, SchemaBehind
from schema.rules import PermitRules
from tests.doubles.clock import VirtualClock
from tests.handlers.given import ME
from tests.performers.orders import Bench
from tests.postgres_fixtures import Database
from tests.worker.workers import worker

AWAY = DatabaseUnreachable("no connection to db", remedy="check it")


def vitals() -> Vitals:
    return Vitals(VirtualClock())


async def test_a_worker_waits_for_its_database_and_says_so() -> None:
    mine, phases = vitals(), []

    async def work() -> None:
        phases.append(mine.state)
        if len(phases) < 4:
            raise AWAY

    await patiently(work, mine, asyncio.Event(), waits_s=(0,))
    waiting = State(Phase.WAITING, AWAY.message, AWAY.remedy)
    assert phases == [State(Phase.STARTING), waiting, waiting, waiting]


async def test_a_long_absence_is_told_at_every_twelfth_try() -> None:
    tries = list[int]()

    async def work() -> None:
        tries.append(1)
        if len(tries) < 14:
            raise AWAY

    with capture_logs() as said:
        await patiently(work, vitals(), asyncio.Event(), waits_s=(0,))
    assert [one["event"] for one in said] == ["waiting for the database"] * 2
    assert said[0]["remedy"] == AWAY.remedy


async def test_who_is_told_to_end_waits_no_longer() -> None:
    draining, tries = asyncio.Event(), []

    async def work() -> None:
        tries.append(1)
        asyncio.get_running_loop().call_soon(draining.set)
        raise AWAY

    await patiently(work, vitals(), draining, waits_s=(3600,))
    assert tries == [1]


@pytest.mark.parametrize("error", [LoginRefused("no"), SchemaBehind("old")])
async def test_what_waiting_cannot_mend_ends_the_worker(error: Exception) -> None:
    draining, tries = asyncio.Event(), list[int]()

    async def work() -> None:
        if tries:
            draining.set()  # or who tries again would do so for ever
        tries.append(1)
        raise error

    with pytest.raises(type(error)):
        await patiently(work, vitals(), draining, waits_s=(0,))
    assert tries == [1]


async def test_a_database_that_goes_away_during_the_drain_is_told() -> None:
    mine, draining = vitals(), asyncio.Event()

    async def work() -> None:
        mine.state = State(Phase.WORKING)
        draining.set()
        raise AWAY

    with pytest.raises(DatabaseUnreachable):
        await patiently(work, mine, draining, waits_s=(0,))


async def test_the_vitals_follow_the_worker(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    unsigned = replace(bench.rules[ME], permit=PermitRules(rules_signed=False))
    bench.rules[ME] = unsigned
    one, mine = worker(bench, tmp_path), vitals()
    store = SimpleNamespace(refusals=Counter({"GP003": 1}))
    watch_over(one, store, mine)  # type: ignore[arg-type]
    assert one.begun is not None
    one.begun()
    assert (mine.state.phase, mine.unsigned) == (Phase.WORKING, (ME,))
    assert mine.refusals() == {"GP003": 1}
    one.draining.set()
    mine.drain()
    one.begun()
    assert mine.state.phase is Phase.DRAINING


@pytest.mark.postgres
@pytest.mark.parametrize(
    "wrong", [{"dbname": "nowhere"}, {"user": "nobody_here"}], ids=["database", "login"]
)
async def test_a_refused_login_is_told_apart_from_a_server_that_is_away(
    wrong: dict[str, str], database: Database
) -> None:
    url = conninfo.make_conninfo(database.app_url, **wrong)
    with pytest.raises(LoginRefused, match="refused the login"):
        async with connected(url):
            pass
