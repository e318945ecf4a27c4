"""How far everything is: consumers behind their logs, orders in their queues."""

from __future__ import annotations

from eventstore.connection import Connection, Pool
from eventstore.statements import statement
from schema.contracts import Standing
from schema.ids import Account


async def lag(pool: Pool, account: Account) -> dict[str, int]:
    """Return consumer -> events of the account's log that it has not looked at yet."""
    async with pool.session() as connection:
        cursor = await connection.execute(statement("lag"), {"account": account})
        return dict(await cursor.fetchall())


async def backlog(pool: Pool) -> dict[str, int]:
    """Return queue -> orders that wait or are at work, of all accounts."""
    async with pool.session() as connection:
        cursor = await connection.execute("select queue, orders from gp.backlog()")
        return dict(await cursor.fetchall())


STANDING = "select queue, waiting, in_flight, oldest from gp.standing()"


async def queues(connection: Connection) -> list[Standing]:
    """Return how each work queue stands, of all accounts together."""
    cursor = await connection.execute(STANDING)
    return [Standing(*row) for row in await cursor.fetchall()]
