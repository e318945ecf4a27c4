"""Handlers: states, answers and checkpoint of a batch stand or fall together."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as examples
from hypothesis import strategies as st
from psycopg import AsyncConnection

from eventstore.store import PostgresStore
from schema.contracts import Handler, Recorded
from schema.errors import AppendRefused, DatabaseUnreachable, StoreError
from schema.events.ghosts import PostDisappeared, ProfileReadFailed
from schema.events.permitting import PermitCreated
from schema.events.posting import ClickAttempt
from schema.ids import Account, derive, named
from tests.postgres_fixtures import ME, Database
from tests.store.chains import Chain, given, stopped
from tests.store.counting import Count, counter, decide, failed

ONE = Chain("one")


async def answers(store: PostgresStore) -> list[Recorded[Any]]:
    """Return what the counter said."""
    return list((await store.read(ME, types=["post_disappeared"])).events)


def stored(database: Database) -> dict[str, Any]:
    """Return handlers' states as they are stored."""
    query = "select handler, account, fold, key, state from gp.handler_state order by 1, 2, 3, 4"
    with psycopg.connect(database.admin_url) as connection:
        return {" ".join(row[:4]): row[4] for row in connection.execute(query)}


async def run_to_end(store: PostgresStore, handler: Handler = counter, batch: int = 200) -> int:
    """Let the handler consume everything; returns how many events it consumed."""
    total = 0
    while consumed := await store.run_handler(handler, ME, batch=batch):
        total += consumed
    return total


@pytest.mark.parametrize("batch", [1, 2, 200])
async def test_an_answer_names_its_cause(store: PostgresStore, batch: int) -> None:
    await store.append(ME, [failed(n) for n in range(7)], actor="test")
    assert await run_to_end(store, batch=batch) == 9
    page = await store.read(ME)
    first, second = await answers(store)
    assert (first.cause, second.cause) == (2, 5)
    assert first.event_id == derive(page.events[2].event_id, "counter.post_disappeared", 0)
    assert (first.actor, first.trace) == ("counter", page.events[2].trace)
    assert [a.event.posted_id for a in (first, second)] == ["0", "1"]


async def test_a_handler_that_caught_up_has_nothing_to_do(store: PostgresStore) -> None:
    assert await store.run_handler(counter, ME) == 0
    await store.append(ME, [failed(1)], actor="test")
    assert await store.run_handler(counter, ME) == 1
    assert await store.run_handler(counter, ME) == 0


async def test_events_of_no_concern_are_passed_over(store: PostgresStore) -> None:
    await given(store, stopped())
    assert await store.run_handler(counter, ME) == 0
    assert await store.lag(ME) == {"counter": 0}


async def test_accounts_have_states_of_their_own(store: PostgresStore) -> None:
    other = Account("other")
    await store.open_account(other)
    await store.append(ME, [failed(n) for n in range(2)], actor="test")
    await store.append(other, [failed(n) for n in range(1)], actor="test")
    await run_to_end(store)
    assert await store.run_handler(counter, other) == 1
    assert await answers(store) == []


async def test_a_crash_inside_the_batch_leaves_nothing(
    store: PostgresStore, database: Database
) -> None:
    def crash(states: Any, recorded: Recorded[Any]) -> list[PostDisappeared]:
        if recorded.event.reason == "4":
            raise ZeroDivisionError
        return decide(states, recorded)

    await store.append(ME, [failed(n) for n in range(6)], actor="test")
    with pytest.raises(ZeroDivisionError):
        await store.run_handler(replace(counter, decide=crash), ME)
    assert stored(database) == {}
    assert await answers(store) == []
    await run_to_end(store)
    assert [answer.cause for answer in await answers(store)] == [2, 5]


async def test_a_connection_lost_before_the_commit_leaves_nothing(
    store: PostgresStore, database: Database
) -> None:
    def cut(states: Any, recorded: Recorded[Any]) -> list[PostDisappeared]:
        with psycopg.connect(database.admin_url, autocommit=True) as connection:
            connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where state ="
                " 'idle in transaction' and datname = current_database()"
            )
        return decide(states, recorded)

    await store.append(ME, [failed(n) for n in range(3)], actor="test")
    with pytest.raises(DatabaseUnreachable):
        await store.run_handler(replace(counter, decide=cut), ME)
    assert stored(database) == {}
    assert await run_to_end(store) == 4
    assert len(await answers(store)) == 1


async def test_of_two_workers_one_is_at_it(store: PostgresStore, database: Database) -> None:
    await store.append(ME, [failed(n) for n in range(3)], actor="test")
    await store.run_handler(counter, ME, batch=1)
    lock = "select from gp.checkpoint for update"
    async with await AsyncConnection.connect(database.app_url) as other:
        await other.execute(lock)
        assert await store.run_handler(counter, ME) is None
    assert await store.run_handler(counter, ME) == 2


async def test_many_workers_consume_every_event_once(store: PostgresStore) -> None:
    await store.append(ME, [failed(n) for n in range(30)], actor="test")

    async def work() -> int:
        total = 0
        while len(await answers(store)) < 10:
            total += await store.run_handler(counter, ME, batch=4) or 0
        return total

    consumed = await asyncio.gather(*(work() for _ in range(4)))
    assert sum(consumed) + await run_to_end(store) == 40
    assert len(await answers(store)) == 10


async def test_a_handler_says_only_what_it_may(store: PostgresStore) -> None:
    await store.append(ME, [failed(n) for n in range(3)], actor="test")
    mute = replace(counter, says=(ProfileReadFailed,))
    with pytest.raises(TypeError, match="counter may not say PostDisappeared"):
        await store.run_handler(mute, ME)


async def test_a_refused_answer_is_dropped_and_the_rest_stands(store: PostgresStore) -> None:
    def click(states: Any, recorded: Recorded[Any]) -> list[Any]:
        del states
        reason = recorded.event.reason
        return [ONE.click(key=reason).event if reason == "1" else Chain(reason).created().event]

    eager = replace(counter, says=(ClickAttempt, PermitCreated), decide=click)
    await store.append(ME, [failed(n) for n in range(3)], actor="test")
    assert await run_to_end(store, eager) == 5
    types = [recorded.type for recorded in (await store.read(ME, after=2)).events]
    assert types == ["permit_created", "permit_created"]


async def test_answers_that_only_a_constraint_refuses_are_found(store: PostgresStore) -> None:
    def same_id(states: Any, recorded: Recorded[Any]) -> list[Any]:
        del states, recorded
        return [ONE.created().event]  # the second creation of one permit

    eager = replace(counter, says=(PermitCreated,), decide=same_id)
    await store.append(ME, [failed(n) for n in range(3)], actor="test")
    assert await store.run_handler(eager, ME, batch=2) == 2
    assert await store.run_handler(eager, ME) == 2  # its own answer is one of them
    assert [r.type for r in (await store.read(ME, after=2)).events] == ["permit_created"]


async def test_an_answer_beyond_its_role_is_an_error(store: PostgresStore) -> None:
    def approve(states: Any, recorded: Recorded[Any]) -> list[Any]:
        del states, recorded
        return [ONE.approved().event]

    await given(store, ONE.created())
    rogue = replace(
        counter,
        hears=(PermitCreated,),
        says=(type(ONE.approved().event),),
        decide=approve,
        folds={},
        states=dict,
    )
    with pytest.raises(AppendRefused, match="only the approver"):
        await store.run_handler(rogue, ME)
    assert await store.run_handler(replace(rogue, approver=True), ME) == 1


async def test_states_equal_to_the_initial_one_are_not_stored(
    store: PostgresStore, database: Database
) -> None:
    forgetful = replace(
        counter,
        folds={
            name: replace(fold, initial=Count(0, 1), evolve=lambda s, r: Count(0, 1))
            for name, fold in counter.folds.items()
        },
    )
    await store.append(ME, [failed(n) for n in range(3)], actor="test")
    await run_to_end(store, forgetful)
    assert stored(database) == {}


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@examples(
    readings=st.lists(st.sampled_from("abc"), max_size=25),
    batches=st.lists(st.integers(1, 8), min_size=1, max_size=4),
)
async def test_a_rebuilt_state_is_the_live_state(
    store: PostgresStore, database: Database, readings: list[str], batches: list[int]
) -> None:
    account = Account(str(named(str(readings), str(batches))))
    await store.open_account(account)
    for n, reading in enumerate(readings):
        await store.append(account, [failed(n, reading)], actor="test")
        await store.run_handler(counter, account, batch=batches[n % len(batches)])
    live = stored(database)
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("delete from gp.handler_state where account = %s", [account])
    await store.append(account, [failed(99, "not consumed yet")], actor="test")
    await store.rebuild_handler(counter, account)
    assert stored(database) == live


async def test_a_state_is_not_rebuilt_under_a_working_handler(
    store: PostgresStore, database: Database
) -> None:
    await store.append(ME, [failed(1)], actor="test")
    await store.run_handler(counter, ME)
    async with await AsyncConnection.connect(database.app_url) as other:
        await other.execute("select from gp.checkpoint for update")
        with pytest.raises(StoreError, match="counter is at work"):
            await store.rebuild_handler(counter, ME)
