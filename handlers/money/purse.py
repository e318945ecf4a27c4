"""The purse: what the model has cost today, what is reserved, and whether the circuit is open.

A fold by the log's order alone, so that every worker comes to the same answer: a reservation stands
if, at its place in the log, it fits into what is left of its recorded UTC day and the circuit lets
it through. What does not stand counts for nothing.

The circuit is open since it was opened or last probed. Once it has been so for long enough, the
next reservation that fits is the probe, and everybody else waits on.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers.entries import without
from handlers.in_force import whole_account
from schema.contracts import Fold, Recorded
from schema.events.judging import ModelCalled
from schema.events.money import (
    CircuitClosed,
    CircuitOpened,
    ModelReservationLapsed,
    ModelReserved,
    ModelWithheld,
    WithheldReason,
)
from schema.events.operations import SettingsChanged
from schema.rules import BudgetRules

OfMoney = (
    ModelReserved
    | ModelWithheld
    | ModelCalled
    | ModelReservationLapsed
    | CircuitOpened
    | CircuitClosed
)

NOTHING = Decimal(0)


class Reserved(msgspec.Struct, frozen=True):
    """A reservation that stands and was not settled by a call."""

    purpose: str
    request_id: str
    usd: Decimal
    at: datetime
    lapsed: bool = False


class Purse(msgspec.Struct, frozen=True):
    """Money by purpose settled on `day`; reservations by id; what calls cost at most lately.

    `open_since` is None while the circuit is closed; `probe` is the reservation that tries it.
    """

    rules: BudgetRules = BudgetRules()
    day: date = date.min
    settled: dict[str, Decimal] = {}
    reserved: dict[str, Reserved] = {}
    asked: dict[str, Decimal] = {}
    open_since: datetime | None = None
    probe: str | None = None


def day_of(moment: datetime) -> date:
    """Return the UTC day of a moment."""
    return moment.astimezone(UTC).date()


def spent(purse: Purse, moment: datetime, purpose: str | None = None) -> Decimal:
    """Return what is settled or reserved on the moment's day, for one purpose or for all."""
    day = day_of(moment)
    settled = purse.settled if purse.day == day else {}
    amounts = [usd for name, usd in settled.items() if purpose in (None, name)]
    amounts += [
        one.usd
        for one in purse.reserved.values()
        if day_of(one.at) == day and purpose in (None, one.purpose)
    ]
    return sum(amounts, NOTHING)


def left(purse: Purse, moment: datetime, purpose: str) -> Decimal:
    """Return what the purpose may still cost on the moment's day."""
    limits = [purse.rules.daily_usd - spent(purse, moment)]
    if purpose in purse.rules.purpose_usd:
        limits.append(purse.rules.purpose_usd[purpose] - spent(purse, moment, purpose))
    return min(limits)


def circuit_lets_through(purse: Purse, moment: datetime) -> bool:
    """Say whether the circuit is closed, or open for so long that one probe may go."""
    if purse.rules.circuit_open:
        return False
    half_open_after = timedelta(seconds=purse.rules.half_open_after_s)
    return purse.open_since is None or moment - purse.open_since >= half_open_after


def refused(
    purse: Purse, moment: datetime, purpose: str, usd_max: Decimal
) -> WithheldReason | None:
    """Return why a call that may cost so much would not stand, or None."""
    if not circuit_lets_through(purse, moment):
        return WithheldReason.CIRCUIT
    return WithheldReason.BUDGET if usd_max > left(purse, moment, purpose) else None


def exhausted(purse: Purse, moment: datetime, purpose: str) -> str | None:
    """Return why a call for this purpose would be withheld now, as far as one can tell.

    A call's price is not known before it is asked; it is taken to be that of the one before.
    """
    if not circuit_lets_through(purse, moment):
        return "the circuit is open"
    rest, price = left(purse, moment, purpose), purse.asked.get(purpose, NOTHING)
    if rest <= NOTHING or price > rest:
        return f"{max(rest, NOTHING)} USD are left today for {purpose}"
    return None


def evolve(purse: Purse, recorded: Recorded[Any]) -> Purse:
    """Remember what was reserved, paid and refused."""
    event = recorded.event
    match event:
        case SettingsChanged():
            return replace(purse, rules=event.rules.budget)
        case ModelReserved():
            return _reserve(purse, event, recorded.at)
        case ModelWithheld():
            return replace(purse, asked=purse.asked | {event.purpose: event.cost_usd_max})
        case ModelCalled():
            return _settle(purse, event, recorded.at)
        case ModelReservationLapsed():
            return _lapse(purse, event)
        case CircuitOpened():
            return replace(purse, open_since=recorded.at, probe=None)
        case CircuitClosed():
            return replace(purse, open_since=None, probe=None)
        case _:
            return purse


def _reserve(purse: Purse, event: ModelReserved, at: datetime) -> Purse:
    purse = _on_day(purse, day_of(at))
    purse = replace(purse, asked=purse.asked | {event.purpose: event.cost_usd_max})
    if refused(purse, at, event.purpose, event.cost_usd_max) is not None:
        return purse
    entry = Reserved(event.purpose, event.request_id, event.cost_usd_max, at)
    reserved = purse.reserved | {str(event.reservation_id): entry}
    if purse.open_since is None:
        return replace(purse, reserved=reserved)
    return replace(purse, reserved=reserved, open_since=at, probe=str(event.reservation_id))


def _settle(purse: Purse, event: ModelCalled, at: datetime) -> Purse:
    """Count the cost on the day of the reservation; a call without one, on its own day."""
    key = str(event.reservation_id)
    day = day_of(purse.reserved[key].at) if key in purse.reserved else day_of(at)
    purse = _on_day(purse, day)
    purse = replace(purse, reserved=without(purse.reserved, key))
    if day != purse.day:
        return purse
    settled = purse.settled.get(event.purpose, NOTHING) + event.cost_usd
    return replace(purse, settled=purse.settled | {event.purpose: settled})


def _lapse(purse: Purse, event: ModelReservationLapsed) -> Purse:
    """Keep the most that the call may have cost, and the chance to hear of it after all."""
    key = str(event.reservation_id)
    if key not in purse.reserved:
        return purse
    lapsed = replace(purse.reserved[key], lapsed=True)
    return replace(purse, reserved=purse.reserved | {key: lapsed})


def _on_day(purse: Purse, day: date) -> Purse:
    """Begin a new day, without what has lapsed before it."""
    if day <= purse.day:
        return purse
    reserved = {
        key: one for key, one in purse.reserved.items() if not one.lapsed or day_of(one.at) == day
    }
    return replace(purse, day=day, settled={}, reserved=reserved)


by_account: Fold[Purse] = Fold(state=Purse, initial=Purse(), key=whole_account, evolve=evolve)
