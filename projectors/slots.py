"""The slots: one row per run of the scheduler, from its start to its one reason."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.posting import LateConfirmed, PostingSuccess
from schema.events.scheduling import SchedulerStarted, SlotClosed, SlotReason
from schema.ids import DecisionId, SchedulerRunId

Hears = SchedulerStarted | SlotClosed | PostingSuccess | LateConfirmed


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """One due time of the scheduler; `posted` once its decision's post is confirmed."""

    scheduler_run_id: SchedulerRunId
    slot_time: datetime
    started_at: datetime
    closed_at: datetime | None
    reason: SlotReason | None
    decision_id: DecisionId | None
    queue_size: int | None
    posted: bool


def key(event: Event) -> str | None:
    """Rows are scheduler runs."""
    return str(event.scheduler_run_id) if isinstance(event, get_args(Hears)) else None


def evolve(row: Slot | None, recorded: Recorded[Hears]) -> Slot | None:
    """Remember how the slot went."""
    event = recorded.event
    match event:
        case SchedulerStarted():
            return Slot(
                scheduler_run_id=event.scheduler_run_id,
                slot_time=event.slot,
                started_at=recorded.at,
                closed_at=None,
                reason=None,
                decision_id=None,
                queue_size=None,
                posted=False,
            )
        case SlotClosed():
            return row and replace(
                row,
                closed_at=recorded.at,
                reason=event.reason,
                decision_id=event.decision_id,
                queue_size=event.queue_size,
            )
        case PostingSuccess() | LateConfirmed():
            return row and replace(row, posted=True)


slots: Projector[Any] = Projector(
    name="slots", row=Slot, keyed="scheduler_run_id", hears=get_args(Hears), key=key, evolve=evolve
)
