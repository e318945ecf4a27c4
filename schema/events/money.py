"""Money: what a call to the model may cost is reserved before it, and settled after it.

A reservation stands or not by its place in the log: the budget left after the events before it
decides, and whether the circuit is open. Everybody who reads the log comes to the same answer.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from schema.events.base import Event
from schema.ids import named

CIRCUIT = named("model circuit")
"""The trace of the circuit, so that its state is found without reading the whole log."""


class WithheldReason(StrEnum):
    """Why the model was not asked."""

    BUDGET = "budget"
    CIRCUIT = "circuit"


class ModelReserved(Event, frozen=True, kw_only=True):
    """The most that a call may cost, in US dollars, is set aside before it is made."""

    reservation_id: UUID
    purpose: str
    request_id: str
    model: str
    cost_usd_max: Decimal


class ModelWithheld(Event, frozen=True, kw_only=True):
    """The model was not asked; `left_usd` is what the purpose could still spend that day.

    `reservation_id` names the reservation that did not stand, None where none was tried.
    """

    purpose: str
    request_id: str
    reason: WithheldReason
    cost_usd_max: Decimal
    left_usd: Decimal
    reservation_id: UUID | None = None


class ModelReservationLapsed(Event, frozen=True, kw_only=True):
    """Nobody said what came of a call in time: it counts as the most that it may have cost."""

    reservation_id: UUID
    purpose: str
    request_id: str
    cost_usd: Decimal


class OfCircuit(Event, frozen=True, kw_only=True):
    """About the circuit, which is one trace."""

    def chain(self) -> UUID | None:
        """Return the id that names this trace."""
        return CIRCUIT


class CircuitOpened(OfCircuit, frozen=True, kw_only=True):
    """The endpoint says that our quota is used up: no calls for a time, then one probe."""

    reason: str
    request_id: str


class CircuitClosed(OfCircuit, frozen=True, kw_only=True):
    """The probe was answered: calls go on."""

    request_id: str
