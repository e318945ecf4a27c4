"""Open orders: which of an account's orders nobody has carried out, and which were set aside."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from replay.reading import PAGE
from replay.source import Log
from schema.catalogue import type_of
from schema.contracts import Recorded
from schema.events.operations import MessageParked
from schema.events.ordering import OrderDropped, OrderRequeued
from schema.ids import Account
from schema.orders import ENDED_BY, RESTORED, subject_of

SET_ASIDE = ("message_parked", "order_requeued", "order_dropped")
READ_TYPES = sorted({*RESTORED, *SET_ASIDE, *ENDED_BY})


@dataclass(frozen=True)
class Parked:
    """One order that was read too often, as it was set aside."""

    account: Account
    position: int
    queue: str
    parked_at: datetime
    reads: int
    last_error: str


@dataclass
class OpenOrders:
    """Orders by type and subject; `upto` is the last position looked at."""

    account: Account
    open: dict[tuple[str, ...], Recorded[Any]] = field(default_factory=dict)
    parked: dict[int, Parked] = field(default_factory=dict)
    upto: int = -1

    def see(self, recorded: Recorded[Any]) -> None:
        """Take the next event into account.

        An order whose body is erased is none: nobody could carry it out.
        """
        event, kind = recorded.event, recorded.type
        is_whole = type_of(event) == kind
        if kind in RESTORED and is_whole:
            self.open[kind, *subject_of(kind, event)] = recorded
        elif kind in ENDED_BY and is_whole:
            ended = self.open.pop((ENDED_BY[kind], *subject_of(ENDED_BY[kind], event)), None)
            self.parked.pop(ended.position if ended else -1, None)
        elif kind in ENDED_BY and recorded.cause is not None:
            self._drop(recorded.cause)  # an erased end no longer names its order, but answers it
        match event:
            case MessageParked():
                self.parked[event.order_position] = _parked(recorded)
            case OrderRequeued():
                self.parked.pop(event.order_position, None)
            case OrderDropped():
                self._drop(event.order_position)
            case _:
                pass

    def to_restore(self) -> list[tuple[str, int]]:
        """Return (queue, position) of the orders that should be in their queues, oldest first."""
        orders = sorted((order.position, order.type) for order in self.open.values())
        return [(RESTORED[kind], place) for place, kind in orders if place not in self.parked]

    def _drop(self, position: int) -> None:
        self.parked.pop(position, None)
        self.open = {key: one for key, one in self.open.items() if one.position != position}


async def open_orders(log: Log, account: Account) -> OpenOrders:
    """Read the account's whole log for its open orders."""
    found = OpenOrders(account)
    await read_on(log, found)
    return found


async def read_on(log: Log, orders: OpenOrders) -> None:
    """Read what was appended since."""
    while True:
        page = await log.read(orders.account, after=orders.upto, limit=PAGE, types=READ_TYPES)
        for recorded in page.events:
            orders.see(recorded)
        if page.upto <= orders.upto:
            return
        orders.upto = page.upto


def _parked(recorded: Recorded[MessageParked]) -> Parked:
    event = recorded.event
    return Parked(
        recorded.account,
        event.order_position,
        event.queue,
        recorded.at,
        event.reads,
        event.last_error,
    )
