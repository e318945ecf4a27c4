"""Work queues from the performer's side: take, extend, close, park."""

from __future__ import annotations

from collections.abc import Sequence

from eventstore.calls import Prepared, prepare
from eventstore.connection import Pool
from eventstore.sending import send_each
from schema.contracts import Command, Lease, NewEvent, Verdict
from schema.events.operations import MessageParked
from schema.ids import Account, EventId, derive

READS_MAX = 5  # an order read more often than this is poison
TAKE = "select message_id, reads, account, position from gp.take(%s, %s)"
PARKED = "read {} times without being finished"


async def take(pool: Pool, queue: str, *, lease_s: int) -> Lease | None:
    """Take the next order; poison found on the way is parked.

    Its own committed transaction: rolled back, the count of reads would stay 1 for ever.
    """
    while True:
        async with pool.session() as connection:
            cursor = await connection.execute(TAKE, [queue, lease_s])
            found = await cursor.fetchone()
        if found is None:
            return None
        message_id, reads, account, position = found
        lease = Lease(queue, message_id, reads, Account(account), position)
        if reads <= READS_MAX:
            return lease
        await park(pool, lease, last_error=PARKED.format(reads - 1), actor="queue")


async def extend(pool: Pool, lease: Lease, *, lease_s: int) -> bool:
    """Keep the lease longer; False when another has taken it."""
    async with pool.session() as connection:
        cursor = await connection.execute(
            "select gp.extend(%s, %s, %s, %s)", [*_fence(lease), lease_s]
        )
        return await cursor.fetchone() == (True,)


async def close(
    pool: Pool, lease: Lease, commands: Sequence[Command], *, actor: str
) -> list[Verdict] | None:
    """Append what came of the order and delete its message; None when the lease was lost.

    A refused command does not keep the message: the same order would be refused again.
    """
    return await _end(pool, lease, prepare(commands, actor), "finish")


async def park(pool: Pool, lease: Lease, *, last_error: str, actor: str) -> None:
    """Append `message_parked` and archive the message; nothing when the lease was lost."""
    parked = MessageParked(
        queue=lease.queue,
        message_id=lease.message_id,
        order_position=lease.position,
        reads=lease.reads,
        last_error=last_error,
    )
    async with pool.session() as connection:
        cursor = await connection.execute(
            "select event_id from gp.log where account = %s and position = %s",
            [lease.account, lease.position],
        )
        (order,) = await cursor.fetchone() or (None,)
    event_id = EventId(derive(order, f"parked:{lease.queue}", lease.message_id))
    new = NewEvent(event_id, parked, cause=EventId(order))
    await _end(pool, lease, prepare([Command((new,))], actor), "set_aside")


async def _end(
    pool: Pool, lease: Lease, commands: list[Prepared], how: str
) -> list[Verdict] | None:
    async with pool.session() as connection, connection.transaction():
        cursor = await connection.execute("select gp.hold(%s, %s, %s)", _fence(lease))
        if await cursor.fetchone() != (True,):
            return None
        # the message first: the log's lock is taken as late as may be
        await connection.execute(f"select gp.{how}(%s, %s, %s)", _fence(lease))
        return await send_each(connection, lease.account, commands, approver=False)


def _fence(lease: Lease) -> list[object]:
    return [lease.queue, lease.message_id, lease.reads]
