"""Work queues: pgmq is installed where it is absent, and every route gets its queue."""

from __future__ import annotations

from pgmq.install import get_embedded_install_sql

from eventstore.connection import Connection
from eventstore.statements import script


async def install_queues(connection: Connection, *, single_role: bool) -> None:
    """Make sure that pgmq and the queues are there, as the administrator's own."""
    if not await _true(connection, "select to_regnamespace('pgmq') is not null"):
        await _install(connection)
    await connection.execute(script("queues.sql"), prepare=False)
    if not single_role:
        await connection.execute(script("pgmq_grants.sql"), prepare=False)


async def _install(connection: Connection) -> None:
    available = "select exists (select from pg_available_extensions where name = 'pgmq')"
    if await _true(connection, available):
        await connection.execute("create extension pgmq")
        return
    async with connection.transaction():
        await connection.execute(get_embedded_install_sql().encode(), prepare=False)


async def _true(connection: Connection, query: str) -> bool:
    cursor = await connection.execute(query.encode())
    return await cursor.fetchone() == (True,)
