"""Appending: idempotent, gapless, in commit order, whoever else is at it."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg import AsyncConnection

from eventstore.calls import prepare
from eventstore.sending import send
from eventstore.store import PostgresStore
from schema.contracts import Command, NewEvent
from schema.errors import AppendRefused, BadInput, MalformedEvent
from schema.events.operations import PostingAllowed, StopSource
from schema.ids import Account, EventId, Trace, named
from tests.postgres_fixtures import ME, Database
from tests.store.chains import NOBODY, Chain, given, ready, say, stopped

ONE, TWO = Chain("one"), Chain("two", target="post-2", author="eve")


def numbered(n: int, why: str = "") -> Command:
    """Return one of many events that need nothing."""
    event = PostingAllowed(source=StopSource.FLAG, why=why, by="me")
    return Command((NewEvent(EventId(named("test", "numbered", str(n))), event),))


async def test_the_same_event_twice_is_there_once(store: PostgresStore) -> None:
    first = await store.append(ME, [numbered(1), numbered(2)], actor="a")
    again = await store.append(ME, [numbered(2), numbered(3), numbered(1)], actor="b")
    assert [(v.code, v.position) for v in first] == [("ok", 0), ("ok", 1)]
    assert [(v.code, v.position) for v in again] == [("same", 1), ("ok", 2), ("same", 0)]
    assert all(verdict.stands for verdict in again)


async def test_the_same_id_with_other_bytes_is_an_error(store: PostgresStore) -> None:
    await store.append(ME, [numbered(1)], actor="a")
    (verdict,) = await store.append(ME, [numbered(1, why="else")], actor="a")
    assert verdict.code == "GP002"


async def test_a_command_half_there_is_an_error(store: PostgresStore) -> None:
    await store.append(ME, [numbered(1)], actor="a")
    half = Command(numbered(1).events + numbered(2).events)
    (verdict,) = await store.append(ME, [half], actor="a")
    assert verdict.code == "GP002"


async def test_the_same_event_twice_in_one_call_is_there_once(store: PostgresStore) -> None:
    verdicts = await store.append(ME, [numbered(1), numbered(1)], actor="a")
    assert [(v.code, v.position) for v in verdicts] == [("ok", 0), ("same", 0)]


async def test_many_at_once_share_commits(store: PostgresStore, database: Database) -> None:
    query = "select xact_commit from pg_stat_database where datname = current_database()"
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        before = connection.execute(query).fetchone()
        verdicts = await asyncio.gather(
            *(store.append(ME, [numbered(n)], actor=f"producer {n}") for n in range(300))
        )
        connection.execute("select pg_stat_clear_snapshot()")
        after = connection.execute(query).fetchone()
    assert sorted(v.position or 0 for (v,) in verdicts) == list(range(300))
    assert before is not None
    assert after is not None
    assert after[0] - before[0] < 100
    page = await store.read(ME)
    assert {recorded.actor for recorded in page.events} == {f"producer {n}" for n in range(300)}


async def test_one_callers_mistake_is_its_own(store: PostgresStore) -> None:
    await given(store, *ready(ONE))
    calls: list[list[Command]] = [
        [numbered(1)],
        [Command((ONE.revoked(NOBODY),))],
        [Command((replace(stopped(), cause=NOBODY),))],
        [Command((TWO.approved(),))],
        [numbered(2)],
        [Command((ONE.click(),))],
    ]
    answers: list[Any] = await asyncio.gather(
        *(store.append(ME, commands, actor="a") for commands in calls), return_exceptions=True
    )
    codes = [a.code if isinstance(a, AppendRefused) else a[0].code for a in answers]
    assert codes == ["ok", "GP011", "GP016", "GP005", "ok", "ok"]


async def test_a_cancelled_caller_holds_up_nobody(store: PostgresStore) -> None:
    tasks = [asyncio.create_task(store.append(ME, [numbered(n)], actor="a")) for n in range(3)]
    await asyncio.sleep(0)
    tasks[1].cancel()
    (first,), (third,) = await tasks[0], await tasks[2]
    assert first.stands
    assert third.stands


async def test_bad_events_never_reach_the_database(store: PostgresStore) -> None:
    with pytest.raises(MalformedEvent, match="NUL"):
        await store.append(ME, [numbered(1, why="\0")], actor="a")
    with pytest.raises(MalformedEvent):
        await store.append(ME, [numbered(1, why="\ud800")], actor="a")
    with pytest.raises(MalformedEvent, match="at most 65536"):
        await store.append(ME, [numbered(1, why="x" * 65_536)], actor="a")
    with pytest.raises(BadInput, match="without events"):
        await store.append(ME, [Command(())], actor="a")
    assert await store.append(ME, [], actor="a") == []
    assert (await store.heads())[ME] == 0


async def test_causes_and_traces_are_found_in_the_log_and_in_the_call(
    store: PostgresStore,
) -> None:
    root = stopped("root")
    child = replace(stopped("child"), cause=root.event_id)
    grandchild = replace(stopped("grandchild"), cause=child.event_id)
    later = replace(stopped("later"), cause=child.event_id)
    last = replace(stopped("last"), cause=later.event_id)
    await store.append(ME, [Command((root, child)), Command((grandchild,))], actor="a")
    await store.append(ME, [Command((later, last))], actor="a")
    page = await store.read(ME)
    assert [recorded.cause for recorded in page.events] == [None, 0, 1, 1, 3]
    assert {recorded.trace for recorded in page.events} == {root.event_id}


async def test_a_whole_life_fits_in_one_command(store: PostgresStore) -> None:
    life = Command((ONE.created(), ONE.approved(), ONE.drafted(), ONE.expired()))
    (verdict,) = await store.append(ME, [life], actor="a", approver=True)
    assert verdict.code == "ok"
    page = await store.read(ME, trace=ONE.trace)
    assert [recorded.spends for recorded in page.events] == [None, 0, None, 1]


async def test_time_never_goes_back(store: PostgresStore) -> None:
    for n in range(20):
        await store.append(ME, [numbered(n)], actor="a")
    times = [recorded.at for recorded in (await store.read(ME)).events]
    assert times == sorted(times)
    assert len(set(times)) == 20


async def test_eight_writers_leave_no_gap_and_a_reader_misses_nothing(database: Database) -> None:
    writers, each = 8, 25
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(database.store()) for _ in range(writers)]
        await stores[0].open_account(ME)
        reading = asyncio.create_task(tail(stores[0], writers * each))
        await asyncio.gather(*(write(s, n * each, each) for n, s in enumerate(stores)))
        seen = await reading
        page = await stores[0].read(ME)
    assert [position for position, _ in seen] == list(range(writers * each))
    assert seen == [(recorded.position, recorded.event_id) for recorded in page.events]


async def tail(store: PostgresStore, count: int) -> list[tuple[int, EventId]]:
    """Read as a subscriber does, until so many events were seen."""
    seen: list[tuple[int, EventId]] = []
    while len(seen) < count:
        page = await store.read(ME, after=seen[-1][0] if seen else -1, limit=7)
        seen += [(recorded.position, recorded.event_id) for recorded in page.events]
        if not page.events:
            await store.wait(timeout_s=5)
    return seen


async def write(store: PostgresStore, start: int, count: int) -> None:
    """Append one event after another."""
    for n in range(start, start + count):
        await store.append(ME, [numbered(n)], actor="writer")


async def test_of_two_clicks_at_once_the_second_waits_and_is_refused(
    database: Database, store: PostgresStore
) -> None:
    await given(store, *ready(ONE))
    async with await AsyncConnection.connect(database.app_url) as first:
        await send(first, ME, prepare([Command((ONE.click(),))], "first"), approver=False)
        second = asyncio.create_task(say(store, ONE.click(key="second")))
        await until_somebody_waits(database)
        assert not second.done()
        await first.commit()
        assert (await second).code == "GP013"


async def test_a_stop_that_commits_first_stops_the_click_that_waited(
    database: Database, store: PostgresStore
) -> None:
    await given(store, *ready(ONE))
    async with await AsyncConnection.connect(database.app_url) as first:
        await send(first, ME, prepare([Command((stopped(),))], "first"), approver=False)
        click = asyncio.create_task(say(store, ONE.click()))
        await until_somebody_waits(database)
        await first.commit()
        assert (await click).code == "GP020"


async def test_a_rolled_back_append_leaves_no_gap_and_was_never_seen(
    database: Database, store: PostgresStore
) -> None:
    async with await AsyncConnection.connect(database.app_url) as first:
        await send(first, ME, prepare([numbered(1)], "first"), approver=False)
        second = asyncio.create_task(store.append(ME, [numbered(2)], actor="second"))
        await until_somebody_waits(database)
        assert (await store.read(ME)).events == []
        await first.rollback()
    ((verdict,), page) = await second, await store.read(ME)
    assert verdict.position == 0
    assert [recorded.actor for recorded in page.events] == ["second"]


async def test_accounts_do_not_wait_for_one_another(
    database: Database, store: PostgresStore
) -> None:
    other = Account("other")
    await store.open_account(other)
    async with await AsyncConnection.connect(database.app_url) as first:
        await send(first, ME, prepare([numbered(1)], "first"), approver=False)
        (verdict,) = await store.append(other, [numbered(1)], actor="second")
        assert verdict.position == 0
        await first.rollback()


async def until_somebody_waits(database: Database) -> None:
    """Return once a session of this database waits for another's lock."""
    query = """
        select exists (select from pg_stat_activity
                       where datname = current_database() and wait_event_type = 'Lock')
    """
    async with await AsyncConnection.connect(database.admin_url, autocommit=True) as connection:
        while True:
            cursor = await connection.execute(query)
            if await cursor.fetchone() == (True,):
                return
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (replace(ONE, permit="other").expired(), "GP012"),
        (NewEvent(TWO.id("expired"), ONE.expired().event, trace=Trace(TWO.trace)), "GP012"),
        (ONE.success(ONE.id("approved")), "GP014"),
        (ONE.expired(ONE.id("created")), "GP013"),
    ],
    ids=["another permit", "another chain", "an illegal move", "spent before"],
)
async def test_the_function_refuses_one_command_and_lets_the_others_of_the_call_stand(
    database: Database, store: PostgresStore, bad: NewEvent, code: str
) -> None:
    """A constraint would raise, and take the whole call with it."""
    await given(store, *ready(ONE))
    call = prepare([Command((bad,)), numbered(1)], "a")
    async with await AsyncConnection.connect(database.app_url) as connection:
        verdicts = await send(connection, ME, call, approver=False)
    assert [verdict.code for verdict in verdicts] == [code, "ok"]
