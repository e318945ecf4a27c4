"""Budget keeper: a reservation of which nobody heard again is settled at the most it may cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import get_args
from uuid import UUID

import msgspec

from handlers.money.purse import OfMoney, Purse, by_account
from schema.contracts import Handler, Recorded
from schema.events.judging import ModelCalled
from schema.events.money import (
    CircuitClosed,
    CircuitOpened,
    ModelReservationLapsed,
    ModelReserved,
    ModelWithheld,
)
from schema.events.operations import Job, JobDue, SettingsChanged

Hears = SettingsChanged | JobDue | OfMoney
Says = ModelReservationLapsed


class States(msgspec.Struct, frozen=True):
    """What the budget keeper remembers."""

    purse: Purse


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Look for dead calls whenever the watchdog is due."""
    match recorded.event:
        case JobDue(job=Job.WATCHDOG):
            return _lapsed(states.purse, recorded)
        case (
            SettingsChanged()
            | JobDue()
            | ModelReserved()
            | ModelWithheld()
            | ModelCalled()
            | ModelReservationLapsed()
            | CircuitOpened()
            | CircuitClosed()
        ):
            return []


def _lapsed(purse: Purse, recorded: Recorded[Hears]) -> list[Says]:
    patience = timedelta(seconds=purse.rules.lapse_after_s)
    return [
        ModelReservationLapsed(
            reservation_id=UUID(key),
            purpose=one.purpose,
            request_id=one.request_id,
            cost_usd=one.usd,
        )
        for key, one in purse.reserved.items()
        if not one.lapsed and recorded.at - one.at >= patience
    ]


budget_keeper = Handler(
    name="budget_keeper",
    hears=get_args(Hears),
    says=(Says,),
    folds={"purse": by_account},
    states=States,
    decide=decide,
    jobs=(Job.WATCHDOG,),
)
