"""Running migrations: one transaction a file, one runner at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
from psycopg.rows import dict_row

from eventstore.calls import prepare
from eventstore.connection import Connection, check_version, connected
from eventstore.migrations import REMEDY, Migration, pending
from eventstore.queues import install_queues
from eventstore.roles import OWNER, become_owner, create_groups
from eventstore.sending import send
from eventstore.statements import script
from schema.contracts import Command, NewEvent
from schema.errors import SchemaBehind
from schema.events.operations import MigrationApplied
from schema.ids import SYSTEM, EventId, named

LOCK = 7_160_041_930_215  # an advisory lock of our own; the number only has to be rare
TRIES = 10
"""Of one file beside workers that go on: they take the same locks in another order."""


async def plan(url: str) -> list[Migration]:
    """Return the migrations that the database lacks.

    Raises:
        SchemaBehind: an applied one was edited, or is newer than this build.
    """
    async with connected(url) as connection:
        check_version(connection)
        return pending(await _applied(connection))


async def check(url: str) -> None:
    """Raise `SchemaBehind` unless the database has exactly this build's migrations."""
    if missing := await plan(url):
        raise SchemaBehind(
            f"{len(missing)} migrations are missing, the first is {missing[0].name}", remedy=REMEDY
        )


async def migrate(
    admin_url: str, *, git_sha: str = "unknown", single_role: bool = False
) -> list[Migration]:
    """Bring the database up to this build; returns what was applied. Repeating it is safe."""
    async with connected(admin_url) as connection, _alone(connection):
        check_version(connection)
        await connection.execute("set statement_timeout = 0")
        if not single_role:
            await create_groups(connection)
        await _bootstrap(connection, single_role=single_role)
        missing = pending(await _applied(connection))
        for migration in missing:
            await _persist(connection, migration, git_sha, single_role=single_role)
        await install_queues(connection, single_role=single_role)
        await _secure(connection, single_role=single_role)
        await connection.execute(script("search_path.sql"), prepare=False)
        await _tell(connection)
    return missing


@asynccontextmanager
async def _alone(connection: Connection) -> AsyncIterator[None]:
    await connection.execute("select pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        if not connection.broken:
            await connection.execute("select pg_advisory_unlock(%s)", [LOCK])


async def _bootstrap(connection: Connection, *, single_role: bool) -> None:
    async with connection.transaction():
        owner = "" if single_role else f" authorization {OWNER}"
        for schema in ("gp", "operators"):
            await connection.execute(f"create schema if not exists {schema}{owner}".encode())
        await become_owner(connection, single_role=single_role)
        await connection.execute(script("bootstrap.sql"), prepare=False)


async def _applied(connection: Connection) -> dict[str, str]:
    cursor = await connection.execute("select to_regclass('gp.migration') is not null")
    if await cursor.fetchone() == (False,):
        return {}
    cursor = await connection.execute("select name, checksum from gp.migration order by number")
    return dict(await cursor.fetchall())


async def _persist(
    connection: Connection, migration: Migration, git_sha: str, *, single_role: bool
) -> None:
    """Apply one file, once more where a worker's transaction was in the way."""
    for _ in range(TRIES - 1):
        with suppress(psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable):
            return await _apply(connection, migration, git_sha, single_role=single_role)
    return await _apply(connection, migration, git_sha, single_role=single_role)


async def _apply(
    connection: Connection, migration: Migration, git_sha: str, *, single_role: bool
) -> None:
    async with connection.transaction():
        await become_owner(connection, single_role=single_role)
        await connection.execute(script(migration.path), prepare=False)
        await connection.execute(
            "insert into gp.migration (number, name, checksum, git_sha) values (%s, %s, %s, %s)",
            [migration.number, migration.name, migration.checksum, git_sha],
        )


async def _secure(connection: Connection, *, single_role: bool) -> None:
    async with connection.transaction():
        await become_owner(connection, single_role=single_role)
        name = "closed.sql" if single_role else "grants.sql"
        await connection.execute(script(name), prepare=False)
    cursor = await connection.execute(
        "select rolsuper from pg_roles where rolname = current_user",
    )
    if await cursor.fetchone() == (True,):
        await connection.execute(script("always.sql"), prepare=False)


async def _tell(connection: Connection) -> None:
    # from the table, not from what was just applied: a crash in between leaves nothing untold
    async with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
        await connection.execute("select gp.open_account(%s)", [SYSTEM])
        await cursor.execute("select name, checksum, git_sha from gp.migration order by number")
        commands = [
            Command((NewEvent(EventId(named("migration", row["name"])), MigrationApplied(**row)),))
            async for row in cursor
        ]
        await send(connection, SYSTEM, prepare(commands, "migrate"), approver=True)
