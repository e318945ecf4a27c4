"""Migrations: from nothing to this build, once, by whoever may, and never over an edited file."""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from psycopg import conninfo, sql

from eventstore import migrating
from eventstore.connection import connected
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.install import install
from eventstore.migrations import pending, shipped
from eventstore.roles import plan_sql_for_administrator
from eventstore.safety import check_safety
from eventstore.statements import script
from eventstore.store import PostgresStore
from schema.errors import BadInput, SchemaBehind, StoreError, UnsafeDatabase
from schema.ids import SYSTEM
from tests.postgres_fixtures import LOGINS, ME, PASSWORD, Database, created
from tests.store.chains import Chain, given, ready

ONE = Chain("one")
NUMBERS = itertools.count()


@contextmanager
def other_login(server_url: str, options: str) -> Iterator[str]:
    """Make a login with a database of its own; returns its URL."""
    name = f"ghostproof_other_{os.getpid()}_{next(NUMBERS)}"
    login, password = sql.Identifier(name), sql.Literal(PASSWORD)
    with created(server_url, name) as url, psycopg.connect(server_url, autocommit=True) as admin:
        create = sql.SQL("create role {} login password {} " + options)
        admin.execute(create.format(login, password))
        admin.execute(sql.SQL("alter database {} owner to {}").format(login, login))
        try:
            yield conninfo.make_conninfo(url, user=name, password=PASSWORD)
        finally:
            admin.execute(sql.SQL("alter database {} owner to current_user").format(login))
            with psycopg.connect(url, autocommit=True) as inside:
                inside.execute(sql.SQL("drop owned by {} cascade").format(login))
            admin.execute(sql.SQL("drop role {}").format(login))


KNOWN = {migration.name: migration.checksum for migration in shipped()}


def test_no_number_comes_twice_and_every_file_says_what_it_is() -> None:
    numbers = [m.number for m in shipped()]
    assert numbers == sorted(set(numbers))
    assert all(script(m.path).startswith("-- ") for m in shipped())


async def test_an_empty_database_lacks_everything(empty_database: str) -> None:
    assert await migrating.plan(empty_database) == list(shipped())
    with pytest.raises(SchemaBehind, match="the first is 0001_head"):
        await migrating.check(empty_database)


async def test_migrating_twice_changes_nothing(empty_database: str) -> None:
    assert await install(empty_database, LOGINS) == list(shipped())
    assert await install(empty_database, LOGINS) == []
    await migrating.check(empty_database)
    database = Database(empty_database)
    async with database.store() as store:
        page = await store.read(SYSTEM)
        assert [r.event.name for r in page.events] == [m.name for m in shipped()]
        await store.open_account(ME)
        await given(store, *ready(ONE), ONE.click())


async def test_two_runners_take_turns(empty_database: str) -> None:
    first, second = await asyncio.gather(
        migrating.migrate(empty_database), migrating.migrate(empty_database)
    )
    assert sorted([len(first), len(second)]) == [0, len(shipped())]


async def test_a_worker_in_the_way_is_waited_for_and_the_file_tried_again(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crossing(empty_database, monkeypatch)
    await migrating.check(empty_database)


async def test_with_one_try_a_worker_in_the_way_would_end_it(
    empty_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrating, "TRIES", 1)
    with pytest.raises(StoreError, match="deadlock"):
        await crossing(empty_database, monkeypatch)


async def crossing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Migrate by a file that locks two tables, while another locks them the other way round."""
    await install(url, LOGINS)
    last = shipped()[-1]
    steps = b"lock table gp.head in access exclusive mode; lock table gp.log in share mode"
    monkeypatch.setattr(
        migrating, "script", lambda name: steps if name == last.path else script(name)
    )
    with psycopg.connect(url) as worker:
        worker.execute("delete from gp.migration where name = %s", [last.name])
        worker.commit()
        worker.execute("set deadlock_timeout = '1min'")  # so that the migration is the victim
        worker.execute("lock table gp.log in row exclusive mode")
        running = asyncio.create_task(migrating.migrate(url))
        await asyncio.to_thread(until_waiting, url)
        locking = "lock table gp.head in row share mode"
        await asyncio.to_thread(worker.execute, locking)
        worker.commit()
        assert await running == [last]


def until_waiting(url: str) -> None:
    """Return once somebody waits for a lock in this database."""
    waiting = "select exists (select from pg_locks where not granted)"
    with psycopg.connect(url, autocommit=True) as onlooker:
        while onlooker.execute(waiting).fetchone() != (True,):
            pass


def test_an_edited_migration_is_refused() -> None:
    with pytest.raises(SchemaBehind, match="0003_leaf was edited") as caught:
        pending(KNOWN | {"0003_leaf": "0" * 64})
    assert "restore" in caught.value.remedy


def test_a_newer_migration_is_refused() -> None:
    with pytest.raises(SchemaBehind, match="9999_later, which this build does not know") as caught:
        pending(KNOWN | {"9999_later": "0" * 64})
    assert "newer build" in caught.value.remedy


def test_a_database_that_is_behind_lacks_the_rest() -> None:
    behind = dict(list(KNOWN.items())[:-2])
    assert pending(behind) == list(shipped())[-2:]


async def test_a_login_of_no_group_is_refused(empty_database: str) -> None:
    with pytest.raises(BadInput, match="gp_root"):
        await install(empty_database, {"gp_root": ("x", None)})


async def test_an_administrator_who_is_no_superuser_suffices(open_dir: Path) -> None:
    server = EmbeddedPostgres(open_dir / "data")  # a cluster where the groups do not exist yet
    with server.lease() as server_url, other_login(server_url, "createrole") as url:
        await install(url, LOGINS)
        assert await install(url, LOGINS) == []
        async with Database(url).store() as store:
            await store.open_account(ME)
            await given(store, *ready(ONE), ONE.click())
        await check_safety(Database(url).app_url)


async def test_one_role_may_own_everything(server_url: str) -> None:
    with other_login(server_url, "nocreaterole") as url:
        with pytest.raises(UnsafeDatabase, match="cannot set up roles") as caught:
            await migrating.migrate(url)
        assert "create role gp_owner" in caught.value.remedy
        assert "single_role" in caught.value.remedy
        await migrating.migrate(url, single_role=True)
        async with PostgresStore(url) as store:
            await store.open_account(ME)
            await given(store, *ready(ONE), ONE.click())
        await check_safety(url, single_role=True)
        async with connected(url) as connection:
            cursor = await connection.execute(
                "select count(*) from system_events where account = %s", [SYSTEM]
            )
            assert await cursor.fetchone() == (len(shipped()),)
        with pytest.raises(UnsafeDatabase, match="owns the log"):
            await check_safety(url)
        with psycopg.connect(url) as connection, pytest.raises(psycopg.Error) as error:
            connection.execute("delete from gp.log")
        assert error.value.sqlstate == "GP001"


def test_the_administrators_script_names_the_login() -> None:
    script = plan_sql_for_administrator("db", "me")
    assert 'grant gp_owner to "me"' in script
    assert 'database "db"' in script
