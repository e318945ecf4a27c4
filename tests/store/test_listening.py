"""Waiting: an append anywhere wakes, and nothing that came before the wait is slept through."""

from __future__ import annotations

import asyncio

import psycopg

from eventstore.store import PostgresStore
from tests.postgres_fixtures import ME, Database
from tests.store.chains import given, stopped

LONG_S = 30.0  # far beyond what a wake takes; reaching it fails the test
SHORT_S = 0.01


async def woken(store: PostgresStore) -> bool:
    """Say whether a wait ends well before its timeout."""
    loop = asyncio.get_running_loop()
    start = loop.time()
    await store.wait(timeout_s=LONG_S)
    return loop.time() - start < LONG_S / 2


async def quiet(store: PostgresStore) -> None:
    """Wait until there is nothing more to hear of."""
    loop = asyncio.get_running_loop()
    while True:
        start = loop.time()
        await store.wait(timeout_s=SHORT_S)
        if loop.time() - start >= SHORT_S:
            return


async def test_an_append_of_another_process_wakes(store: PostgresStore, database: Database) -> None:
    await quiet(store)
    waiting = asyncio.create_task(woken(store))
    await asyncio.sleep(0)
    async with database.store() as other:
        await given(other, stopped())
    assert await waiting


async def test_every_waiter_wakes(store: PostgresStore) -> None:
    waiting = [asyncio.create_task(woken(store)) for _ in range(5)]
    await asyncio.sleep(0)
    await given(store, stopped())
    assert all(await asyncio.gather(*waiting))


async def test_what_came_before_the_wait_wakes_at_once(store: PostgresStore) -> None:
    await quiet(store)
    await given(store, stopped())
    assert await woken(store)


async def test_without_news_the_wait_ends_in_time(store: PostgresStore) -> None:
    await quiet(store)
    await store.wait(timeout_s=SHORT_S)


async def test_a_lost_notification_is_made_good_by_polling(
    store: PostgresStore, database: Database
) -> None:
    await quiet(store)
    # an append whose notification nobody sends
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute("update gp.head set size = size + 1 where account = %s", [ME])
    assert await woken(store)


async def test_a_listener_that_was_cut_off_listens_again(
    store: PostgresStore, database: Database
) -> None:
    await quiet(store)
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where application_name = 'ghostproof listener' and datname = current_database()"
        )
    await given(store, stopped())
    assert await woken(store)
