"""Performing: take an order, carry it out under a lease, and close it with what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog

from edge.failpoints import at
from edge.performers.contract import Order, Performer, World
from edge.worker.faults import unhandled
from schema.contracts import Command, Lease, NewEvent
from schema.errors import StoreError
from schema.ids import EventId, derive

AGAIN_AFTER_S = 5
"""How soon a failed order is delivered again."""

log = structlog.get_logger("performing")


class Performing:
    """One performer at its queue."""

    def __init__(self, performer: Performer, world: World) -> None:
        self._performer = performer
        self._world = world

    async def one(self) -> bool:
        """Carry out one order if there is one; say whether there was."""
        lease = await self._world.store.take(self._performer.queue, lease_s=self._performer.lease_s)
        if lease is None:
            return False
        at("order_taken")
        await self._carry_out(lease)
        return True

    async def _carry_out(self, lease: Lease) -> None:
        store = self._world.store
        recorded = await store.event(lease.account, lease.position)
        order = Order(recorded=recorded, lease=lease, performer=self._performer.queue)
        try:
            async with self._kept(lease):
                commands = await self._performer.perform(order, self._world)
            at("order_carried_out")
            closed = await store.close(lease, commands, actor=order.performer)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one order's failure must not stop the queue
            await self._failed(order, error)
            return
        if closed is None:
            log.warning("lease lost", queue=lease.queue, position=lease.position)
        at("order_closed")

    @asynccontextmanager
    async def _kept(self, lease: Lease) -> AsyncIterator[None]:
        """Extend the lease while the work goes on."""
        keeper = asyncio.create_task(self._keep(lease))
        try:
            yield
        finally:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper

    async def _keep(self, lease: Lease) -> None:
        lease_s = self._performer.lease_s
        while True:
            await self._world.clock.sleep(lease_s / 3)
            with suppress(StoreError):
                if not await self._world.store.extend(lease, lease_s=lease_s):
                    return

    async def _failed(self, order: Order, error: Exception) -> None:
        event = unhandled(order.performer, error)
        log.error(
            "an order failed",
            queue=order.performer,
            account=order.account,
            position=order.recorded.position,
            error=event.message,
            exc_info=error,
        )
        kind = f"failed:{order.lease.reads}"
        event_id = EventId(derive(order.recorded.event_id, kind))
        new = NewEvent(event_id, event, cause=order.recorded.event_id)
        await self._world.store.append(order.account, [Command((new,))], actor=order.performer)
        await self._world.store.extend(order.lease, lease_s=AGAIN_AFTER_S)
