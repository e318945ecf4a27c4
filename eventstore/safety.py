"""Whether the database can keep the promise; asked before a worker does anything."""

from __future__ import annotations

from eventstore.connection import Connection, check_version, connected
from eventstore.migrating import check
from eventstore.statements import statement
from eventstore.translating import place
from schema.errors import UnsafeDatabase


async def check_safety(url: str, *, single_role: bool = False) -> None:
    """Refuse a database, or a login, that could break the law unseen.

    Raises:
        DatabaseTooOld: PostgreSQL below 15.
        SchemaBehind: migrations are missing, edited or newer.
        UnsafeDatabase: the message says what is wrong, the remedy what to do.
    """
    await check(url)
    async with connected(url) as connection:
        check_version(connection)
        for wrong, remedy in await _findings(connection, single_role=single_role):
            raise UnsafeDatabase(f"{place(url)}: {wrong}", remedy=remedy)


async def _findings(connection: Connection, *, single_role: bool) -> list[tuple[str, str]]:
    cursor = await connection.execute(statement("safety"))
    found = await cursor.fetchall()
    if single_role:
        found = [row for row in found if row[0] != "owner"]
    return [(wrong, remedy) for _, wrong, remedy in found]
