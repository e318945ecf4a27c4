"""Restoring: orders of the log that have no message get one, while workers go on."""

from __future__ import annotations

from collections.abc import Sequence

from eventstore.calls import prepare
from eventstore.connection import Connection, Pool
from eventstore.sending import send_each
from schema.contracts import Command, Verdict
from schema.ids import Account

RESTORE = "select gp.restore(%s, %s, %s::text[], %s::bigint[])"


async def restore(
    pool: Pool, account: Account, orders: Sequence[tuple[str, int]], *, size: int
) -> dict[str, int] | None:
    """Send the orders (queue, position) that have no message; how many by queue.

    None when the log has another size by now: nothing was sent.
    """
    async with pool.session() as connection:
        return await _restore(connection, account, orders, size)


async def requeue(
    pool: Pool, account: Account, order: tuple[str, int], command: Command, *, actor: str
) -> Verdict:
    """Append the command and send the order, both or neither."""
    async with pool.session() as connection, connection.transaction():
        prepared = prepare([command], actor)
        (verdict,) = await send_each(connection, account, prepared, approver=False)
        if verdict.stands:
            await _restore(connection, account, [order], None)
        return verdict


async def _restore(
    connection: Connection, account: Account, orders: Sequence[tuple[str, int]], size: int | None
) -> dict[str, int] | None:
    queues, positions = [queue for queue, _ in orders], [position for _, position in orders]
    cursor = await connection.execute(RESTORE, [account, size, queues, positions])
    (sent,) = await cursor.fetchone() or (None,)
    return sent if sent is None else {str(queue): int(count) for queue, count in sent.items()}
