"""Watchdog: a slot that stays open, because its permit could not be made, is closed as an error."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.entries import without
from handlers.in_force import rules_in_force, whole_account
from handlers.queueing import waiting
from schema.contracts import Fold, Handler, Recorded
from schema.events.judging import CandidateRejected
from schema.events.operations import Job, JobDue, SettingsChanged, WorkerStarted
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.events.scheduling import SchedulerStarted, SlotClosed, SlotFailed, SlotReason
from schema.ids import SchedulerRunId
from schema.rules import Rules

Hears = (
    SettingsChanged
    | WorkerStarted
    | JobDue
    | SchedulerStarted
    | SlotClosed
    | CandidateQueued
    | CandidateSelected
    | CandidateReleased
    | CandidateExpired
    | CandidateRejected
)
Says = SlotFailed | SlotClosed

WHY = "its decision or its permit could not be made; see unhandled_exception and the worker's log"


class Open(msgspec.Struct, frozen=True):
    """A slot that started and has not ended."""

    run_id: SchedulerRunId
    slot: datetime
    started_at: datetime


class Slots(msgspec.Struct, frozen=True):
    """The open slots by run, and when a worker last started: it has to catch up first."""

    open: dict[str, Open] = {}
    booted_at: datetime | None = None


class States(msgspec.Struct, frozen=True):
    """What the watchdog remembers."""

    rules: Rules
    slots: Slots
    waiting: waiting.Waiting


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Close what is open for too long, loudly."""
    event = recorded.event
    match event:
        case JobDue(job=Job.POST | Job.WATCHDOG):
            return _close_lost(states, recorded.at)
        case (
            SettingsChanged()
            | WorkerStarted()
            | JobDue()
            | SchedulerStarted()
            | SlotClosed()
            | CandidateQueued()
            | CandidateSelected()
            | CandidateReleased()
            | CandidateExpired()
            | CandidateRejected()
        ):
            return []


def _close_lost(states: States, now: datetime) -> list[Says]:
    lost_after = timedelta(seconds=states.rules.schedule.lost_after_s)
    said: list[Says] = []
    for slot in states.slots.open.values():
        since = max(slot.started_at, states.slots.booted_at or slot.started_at)
        if now - since >= lost_after:
            said += _failed(slot, now, len(states.waiting.items))
    return said


def _failed(slot: Open, now: datetime, queue_size: int) -> tuple[SlotFailed, SlotClosed]:
    ids: dict[str, Any] = {"scheduler_run_id": slot.run_id, "slot": slot.slot}
    failed = SlotFailed(**ids, reason=WHY, open_s=int((now - slot.started_at).total_seconds()))
    closed = SlotClosed(
        **ids, reason=SlotReason.ERROR, decision_id=None, queue_size=queue_size, detail=WHY
    )
    return failed, closed


def _evolve(slots: Slots, recorded: Recorded[Any]) -> Slots:
    event = recorded.event
    match event:
        case WorkerStarted():
            return replace(slots, booted_at=recorded.at)
        case SchedulerStarted():
            started = Open(event.scheduler_run_id, event.slot, recorded.at)
            return replace(slots, open=slots.open | {str(event.scheduler_run_id): started})
        case SlotClosed():
            return replace(slots, open=without(slots.open, event.scheduler_run_id))
        case _:
            return slots


watchdog = Handler(
    name="watchdog",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "slots": Fold(state=Slots, initial=Slots(), key=whole_account, evolve=_evolve),
        "waiting": waiting.by_account,
    },
    states=States,
    decide=decide,
    jobs=(Job.POST, Job.WATCHDOG),
)
