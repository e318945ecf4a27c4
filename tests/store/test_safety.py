"""Safety: a worker refuses a database, or a login, that could break the law unseen."""

from __future__ import annotations

import psycopg
import pytest

from eventstore.safety import check_safety
from eventstore.store import PostgresStore
from schema.errors import SchemaBehind, UnsafeDatabase
from tests.postgres_fixtures import ME, Database
from tests.store.counting import counter, failed

SPOILS = {
    "synchronous_commit is off": "alter database {} set synchronous_commit = off",
    "the trigger append_only of the log": "alter table gp.log disable trigger append_only",
    "the trigger append_only_whole": "alter table gp.log enable trigger append_only_whole",
    "the constraint law": "alter table gp.log drop constraint law",
    "the index spent_once": "drop index gp.spent_once",
    "the log of me has 0 events": "update gp.head set size = 0 where account = 'me'",
}


async def test_a_fresh_database_is_safe(database: Database) -> None:
    await check_safety(database.app_url)
    await check_safety(database.approver_url)


async def test_an_administrator_is_no_worker(database: Database) -> None:
    with pytest.raises(UnsafeDatabase, match=r"(bypasses every rule)|(owns the log)"):
        await check_safety(database.admin_url)


async def test_missing_migrations_are_named(database: Database) -> None:
    change(database, "delete from gp.migration where number > 40")
    with pytest.raises(SchemaBehind, match="migrations are missing"):
        await check_safety(database.app_url)


@pytest.mark.parametrize("wrong", SPOILS)
async def test_a_spoilt_database_is_refused(
    store: PostgresStore, database: Database, wrong: str
) -> None:
    await store.append(ME, [failed(0)], actor="test")
    await store.run_handler(counter, ME)
    change(database, SPOILS[wrong])
    with pytest.raises(UnsafeDatabase, match=wrong):
        await check_safety(database.app_url)


async def test_a_cut_log_is_noticed(store: PostgresStore, database: Database) -> None:
    await store.append(ME, [failed(0), failed(1)], actor="test")
    change(database, "alter table gp.log disable trigger append_only")
    change(database, "delete from gp.log where account = 'me' and position = 1")
    change(database, "alter table gp.log enable always trigger append_only")
    with pytest.raises(UnsafeDatabase, match="ends at position 0, its head says 2 events"):
        await check_safety(database.app_url)


async def test_a_log_shorter_than_what_was_read_of_it_says_what_to_do(
    store: PostgresStore, database: Database
) -> None:
    await store.append(ME, [failed(n) for n in range(4)], actor="test")
    await store.run_handler(counter, ME)
    change(database, "alter table gp.log disable trigger append_only")
    change(database, "delete from gp.log where account = 'me' and position > 1")
    change(database, "update gp.head set size = 2 where account = 'me'")
    change(database, "alter table gp.log enable always trigger append_only")
    wrong = "the log of me has 2 events, but counter had read up to position 3"
    with pytest.raises(UnsafeDatabase, match=wrong) as refused:
        await check_safety(database.app_url)
    assert "do not post" in refused.value.remedy
    assert "operations" in refused.value.remedy


def change(database: Database, statement: str) -> None:
    """Do what only an administrator can."""
    with psycopg.connect(database.admin_url, autocommit=True) as connection:
        name = connection.info.dbname
        connection.execute(statement.replace("{}", name).encode())
