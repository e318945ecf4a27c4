"""Connections: a small pool per role, and every failure as one of our errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from eventstore.translating import translated
from schema.errors import DatabaseTooOld

Connection = AsyncConnection[TupleRow]

POOL_MAX = 4  # for handlers, performers and appender; PostgreSQL's own default is 100 in all
WAIT_S = 10.0  # for a free connection; longer means that the server is away
CONNECT_TIMEOUT_S = 5
VERSION_MIN = 15
SETTINGS = {
    "timezone": "UTC",
    "statement_timeout": "60s",
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "60s",
    # plans are kept while an empty log grows, before anything has counted its rows
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "jit": "off",
}


class Pool:
    """Connections of one role to one database."""

    def __init__(self, url: str, *, application_name: str) -> None:
        self.url = url
        self._pool = AsyncConnectionPool(
            url,
            min_size=0,
            max_size=POOL_MAX,
            open=False,
            timeout=WAIT_S,
            reconnect_timeout=WAIT_S,
            configure=_configure,
            kwargs=_arguments(application_name),
        )

    async def start(self) -> None:
        """Open the pool; a first connection shows at once whether the server is there.

        Raises:
            DatabaseUnreachable: the server is away.
            DatabaseTooOld: it is older than PostgreSQL 15.
        """
        async with connected(self.url) as connection:
            check_version(connection)
        await self._pool.open()

    async def stop(self) -> None:
        """Close every connection."""
        await self._pool.close()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Connection]:
        """Borrow a connection in autocommit mode.

        Raises:
            DatabaseUnreachable: the server is away, or went away meanwhile.
        """
        try:
            async with self._pool.connection() as connection:
                yield connection
        except psycopg.Error as error:
            if isinstance(error, psycopg.OperationalError):
                # the others of the pool are as dead as this one
                await self._pool.check()
            raise translated(error, self.url) from error


@asynccontextmanager
async def connected(url: str, *, application_name: str = "ghostproof") -> AsyncIterator[Connection]:
    """Open one connection outside any pool, in autocommit mode.

    Raises:
        DatabaseUnreachable: the server is away, or went away meanwhile.
    """
    try:
        connection = await AsyncConnection.connect(url, **_arguments(application_name))
        async with connection:
            await _configure(connection)
            yield connection
    except psycopg.Error as error:
        raise translated(error, url) from error


def check_version(connection: Connection) -> None:
    """Raise `DatabaseTooOld` for a PostgreSQL below 15."""
    version = connection.info.server_version // 10_000
    if version < VERSION_MIN:
        raise DatabaseTooOld(
            f"the server is PostgreSQL {version}, at least {VERSION_MIN} is needed",
            remedy="upgrade the server, or unset DATABASE_URL to use the embedded one",
        )


def _arguments(application_name: str) -> dict[str, Any]:
    return {
        "autocommit": True,
        "prepare_threshold": 0,
        "application_name": application_name,
        "connect_timeout": CONNECT_TIMEOUT_S,
    }


async def _configure(connection: Connection) -> None:
    query = (
        "select set_config(name, value, false) from unnest(%s::text[], %s::text[]) s(name, value)"
    )
    await connection.execute(query, [list(SETTINGS), list(SETTINGS.values())], prepare=False)
