"""Reserving: before the model is asked, the most that it may cost is set aside in the log."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from edge.model.prices import worst_case
from edge.performers.contract import Order, World, append
from edge.performers.purses import Book
from edge.ports import ModelCall, ModelOutcome
from handlers.money.purse import NOTHING, left, refused
from schema.events.money import (
    CircuitClosed,
    CircuitOpened,
    ModelReserved,
    ModelWithheld,
    WithheldReason,
)
from schema.ids import derive

ANSWERED = frozenset({ModelOutcome.OK, ModelOutcome.BAD_ANSWER, ModelOutcome.REFUSED})
"""Outcomes that show that the endpoint works for us again."""


@dataclass(frozen=True)
class Reservation:
    """Money set aside for one call."""

    reservation_id: UUID
    call: ModelCall


async def reserve(world: World, order: Order, call: ModelCall) -> Reservation | ModelWithheld:
    """Set the money aside, or say why the model is not asked.

    The first look spares the log a reservation that cannot stand. Whether it stands is decided by
    its place in the log, by the database's clock.
    """
    book = await world.purses.book(world.store, order.account)
    now = max(world.clock.now(), book.latest, order.recorded.at)
    usd_max = worst_case(call)
    why = refused(book.purse, now, call.purpose, usd_max)
    if why is not None:
        return _withheld(book, call, why)
    delivery = order.delivery(world.worker_id)
    reservation_id = derive(order.recorded.event_id, f"reservation.{delivery}")
    reserved = ModelReserved(
        reservation_id=reservation_id,
        purpose=call.purpose,
        request_id=call.request_id,
        model=call.model,
        cost_usd_max=usd_max,
    )
    book.stands[reservation_id] = False
    try:
        await append(world, order, [order.own_command(world.worker_id, reserved)])
        await world.purses.book(world.store, order.account)
    finally:
        stands = book.stands.pop(reservation_id)
    if stands:
        return Reservation(reservation_id, call)
    why = refused(book.purse, book.latest, call.purpose, usd_max) or WithheldReason.BUDGET
    return _withheld(book, call, why, reservation_id)


def _withheld(
    book: Book, call: ModelCall, why: WithheldReason, reservation_id: UUID | None = None
) -> ModelWithheld:
    return ModelWithheld(
        purpose=call.purpose,
        request_id=call.request_id,
        reason=why,
        cost_usd_max=worst_case(call),
        left_usd=max(left(book.purse, book.latest, call.purpose), NOTHING),
        reservation_id=reservation_id,
    )


async def switched(
    world: World, order: Order, reservation: Reservation, outcome: ModelOutcome, detail: str
) -> CircuitOpened | CircuitClosed | None:
    """Return what a call's outcome does to the circuit."""
    request_id = reservation.call.request_id
    if outcome is ModelOutcome.INSUFFICIENT_QUOTA:
        return CircuitOpened(reason=detail or str(outcome), request_id=request_id)
    book = await world.purses.book(world.store, order.account)
    is_probe = book.purse.probe == str(reservation.reservation_id)
    if is_probe and outcome in ANSWERED:
        return CircuitClosed(request_id=request_id)
    return None
