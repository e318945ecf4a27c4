"""When the database is away, the error says where it was looked for and hides the password."""

from __future__ import annotations

import asyncio
import socket

import psycopg
import pytest
from psycopg import conninfo

from eventstore.store import PostgresStore
from eventstore.translating import place
from schema.errors import DatabaseUnreachable, StoreError
from tests.postgres_fixtures import ME, Database
from tests.store.chains import given, stopped


def unused_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_an_unreachable_server_is_named_without_the_password() -> None:
    port = unused_port()
    url = f"postgresql://somebody:hush-hush@127.0.0.1:{port}/mydb"
    with pytest.raises(DatabaseUnreachable) as caught:
        async with PostgresStore(url):
            pass
    assert caught.value.message == f"no connection to 127.0.0.1:{port}/mydb: Connection refused"
    assert "hush" not in caught.value.message
    assert "DATABASE_URL" in caught.value.remedy


async def test_a_wrong_password_is_no_secret_either(database: Database) -> None:
    url = conninfo.make_conninfo(database.admin_url, user="nobody_at_all", password="hush-hush")
    with pytest.raises(DatabaseUnreachable) as caught:
        async with PostgresStore(url):
            pass
    assert "nobody_at_all" in caught.value.message
    assert "hush" not in caught.value.message


def test_a_url_that_cannot_be_read_is_not_repeated() -> None:
    assert place("postgresql://u:hush@[") == "a URL that cannot be read"


async def test_the_pool_recovers_from_lost_connections(
    store: PostgresStore, database: Database
) -> None:
    await given(store, stopped("one"))
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    with pytest.raises(DatabaseUnreachable):
        await given(store, stopped("two"))
    await given(store, stopped("two"))
    assert (await store.heads())[ME] == 2


async def test_what_the_database_refuses_for_other_reasons_is_said(store: PostgresStore) -> None:
    with pytest.raises(StoreError, match="q_nosuch"):
        await store.take("nosuch", lease_s=1)


@pytest.mark.parametrize("position", [-1, 1, 5])
async def test_a_position_that_is_not_there_is_said(store: PostgresStore, position: int) -> None:
    await given(store, stopped("one"))
    with pytest.raises(StoreError, match=f"no event at position {position}"):
        await store.event(ME, position)


async def test_a_store_that_opens_by_half_leaves_nothing_open(database: Database) -> None:
    nobody = conninfo.make_conninfo(database.admin_url, user="nobody_at_all")
    tasks = asyncio.all_tasks()
    with pytest.raises(DatabaseUnreachable):
        async with PostgresStore(database.app_url, approver_url=nobody):
            pass
    assert asyncio.all_tasks() == tasks
