"""The spending: one row per call to the model that money was set aside for."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, get_args
from uuid import UUID

import msgspec
from msgspec.structs import replace

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.judging import ModelCalled
from schema.events.money import ModelReservationLapsed, ModelReserved, ModelWithheld

Hears = ModelReserved | ModelWithheld | ModelCalled | ModelReservationLapsed

RESERVED = "reserved"  # ends by the call's own outcome, by being withheld, or by lapsing
LAPSED = "lapsed"  # ends, if ever, by the call's own outcome


class Spending(msgspec.Struct, frozen=True, kw_only=True):
    """One call: what it may cost, what it cost, and how it ended (`status`)."""

    reservation_id: UUID
    purpose: str
    request_id: str
    model: str
    prompt_tokens: int
    completion_tokens: int
    reserved_usd: Decimal
    cost_usd: Decimal
    latency_ms: int
    status: str
    reserved_at: datetime
    ended_at: datetime | None


def key(event: Event) -> str | None:
    """Rows are reservations."""
    reservation_id = getattr(event, "reservation_id", None)
    return None if reservation_id is None else str(reservation_id)


def evolve(row: Spending | None, recorded: Recorded[Hears]) -> Spending | None:
    """Remember what the reservation came to."""
    event = recorded.event
    match event:
        case ModelReserved():
            return _reserved(event, recorded.at)
        case ModelWithheld():
            return row and replace(row, status=str(event.reason), ended_at=recorded.at)
        case ModelReservationLapsed():
            return row and replace(
                row, status=LAPSED, cost_usd=event.cost_usd, ended_at=recorded.at
            )
        case ModelCalled():
            return row and replace(
                row,
                model=event.model,
                prompt_tokens=event.prompt_tokens,
                completion_tokens=event.completion_tokens,
                cost_usd=event.cost_usd,
                latency_ms=event.latency_ms,
                status=event.outcome,
                ended_at=recorded.at,
            )


def _reserved(event: ModelReserved, at: datetime) -> Spending:
    return Spending(
        reservation_id=event.reservation_id,
        purpose=event.purpose,
        request_id=event.request_id,
        model=event.model,
        prompt_tokens=0,
        completion_tokens=0,
        reserved_usd=event.cost_usd_max,
        cost_usd=Decimal(0),
        latency_ms=0,
        status=RESERVED,
        reserved_at=at,
        ended_at=None,
    )


spending: Projector[Any] = Projector(
    name="spending",
    row=Spending,
    keyed="reservation_id",
    hears=get_args(Hears),
    key=key,
    evolve=evolve,
)
