"""Facts about money: one event of each kind, and a purse that reads them in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from handlers.money import purse as purses
from handlers.money.purse import Purse
from schema.catalogue import type_of
from schema.contracts import Recorded
from schema.events.base import Event
from schema.events.judging import ModelCalled
from schema.events.money import (
    CircuitClosed,
    CircuitOpened,
    ModelReservationLapsed,
    ModelReserved,
)
from schema.ids import EventId, Trace, named
from schema.rules import BudgetRules
from tests.handlers.facts import rules
from tests.handlers.given import ME, NOON

JUDGE, REPLY = "target_judge", "reply_generation"


def rid(n: int) -> UUID:
    return named("reservation", str(n))


def usd(amount: str) -> Decimal:
    return Decimal(amount)


def reserved(n: int, amount: str = "0.10", purpose: str = JUDGE) -> ModelReserved:
    return ModelReserved(
        reservation_id=rid(n),
        purpose=purpose,
        request_id=f"request {n}",
        model="gpt-4o-mini",
        cost_usd_max=usd(amount),
    )


def called(
    n: int, amount: str = "0.01", purpose: str = JUDGE, outcome: str = "ok", **changes: Any
) -> ModelCalled:
    fields: dict[str, Any] = {
        "purpose": purpose,
        "request_id": f"request {n}",
        "model": "gpt-4o-mini",
        "prompt_version": "1",
        "prompt_hash": "0",
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "cost_usd": usd(amount),
        "latency_ms": 100,
        "outcome": outcome,
        "reservation_id": rid(n),
    }
    return ModelCalled(**fields | changes)


def lapsed(n: int, amount: str = "0.10") -> ModelReservationLapsed:
    return ModelReservationLapsed(
        reservation_id=rid(n), purpose=JUDGE, request_id=f"request {n}", cost_usd=usd(amount)
    )


OPENED = CircuitOpened(reason="insufficient_quota", request_id="request 0")
CLOSED = CircuitClosed(request_id="request 0")


def budget(daily: str = "1", **changes: Any) -> Event:
    return rules(budget=BudgetRules(daily_usd=usd(daily), **changes))


class Reading:
    """A purse that reads facts; a `timedelta` among them lets time pass."""

    def __init__(
        self,
        *facts: Event | timedelta,
        evolve: Callable[[Purse, Recorded[Any]], Purse] = purses.evolve,
    ) -> None:
        self.now = NOON
        self.purse = Purse()
        self.position = 0
        self._evolve = evolve
        self.read(*facts)

    def read(self, *facts: Event | timedelta) -> Reading:
        for fact in facts:
            if isinstance(fact, timedelta):
                self.now += fact
                continue
            self.purse = self._evolve(self.purse, row(fact, self.position, self.now))
            self.position += 1
        return self

    def stands(self, n: int) -> bool:
        return str(rid(n)) in self.purse.reserved

    def left(self, purpose: str = JUDGE) -> Decimal:
        return purses.left(self.purse, self.now, purpose)


def row(event: Event, position: int, at: datetime) -> Recorded[Any]:
    event_id = EventId(named("money", str(position)))
    trace = Trace(event.chain() or event_id)
    return Recorded(ME, position, event_id, trace, at, event, type_of(event))
