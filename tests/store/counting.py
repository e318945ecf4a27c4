"""A handler and a projector small enough to see through: readings of a profile are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from schema.contracts import Command, Fold, Handler, NewEvent, Projector, Recorded
from schema.events.base import Event
from schema.events.ghosts import PostDisappeared, ProfileReadFailed
from schema.events.scheduling import SlotClosed, SlotReason
from schema.ids import EventId, ReadingId, SchedulerRunId, named

EVERY = 3  # readings that fail before the handler says something


class Count(msgspec.Struct, frozen=True):
    """How many readings failed, and how often that was said."""

    failed: int = 0
    said: int = 0


@dataclass(frozen=True)
class States:
    """What the handler decides by."""

    reading: Count
    account: Count


def failed(n: int, reading: str = "r") -> Command:
    """Return the n-th failed reading."""
    reading_id = ReadingId(named("test", reading))
    event = ProfileReadFailed(reading_id=reading_id, reason=str(n))
    return Command((NewEvent(EventId(named("test", "failed", str(n))), event),))


def remember(state: Count, recorded: Recorded[Any]) -> Count:
    """Count; every third failure of a reading starts anew."""
    if isinstance(recorded.event, PostDisappeared):
        return Count(0, state.said + 1)
    return Count(state.failed + 1, state.said)


def decide(states: States, recorded: Recorded[Any]) -> list[PostDisappeared]:
    """Say something at every third failure."""
    if states.reading.failed + 1 < EVERY:
        return []
    return [
        PostDisappeared(reading_id=recorded.event.reading_id, posted_id=f"{states.account.said}")
    ]


def by_reading(event: Event) -> str | None:
    """Key the event by its reading."""
    reading = getattr(event, "reading_id", None)
    return None if reading is None else str(reading)


def by_account(event: Event) -> str:
    """Key every event alike."""
    del event
    return ""


counter = Handler(
    name="counter",
    hears=(ProfileReadFailed,),
    says=(PostDisappeared,),
    folds={
        "reading": Fold(Count, Count(), by_reading, remember),
        "account": Fold(Count, Count(), by_account, remember),
    },
    states=States,
    decide=decide,
)


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """The columns of `gp.view_slots`, filled with what readings leave."""

    scheduler_run_id: SchedulerRunId
    slot_time: datetime
    started_at: datetime
    closed_at: datetime | None
    reason: SlotReason | None
    decision_id: EventId | None
    queue_size: int | None
    posted: bool


def fill(row: Slot | None, recorded: Recorded[Any]) -> Slot | None:
    """Count failures in `queue_size`; what the handler says removes the row."""
    if isinstance(recorded.event, PostDisappeared):
        return None
    return Slot(
        scheduler_run_id=SchedulerRunId(recorded.event.reading_id),
        slot_time=row.slot_time if row else recorded.at,
        started_at=datetime(2026, 1, 31, tzinfo=UTC),
        closed_at=None,
        reason=SlotReason.ERROR,
        decision_id=recorded.event_id,
        queue_size=(row.queue_size or 0) + 1 if row else 1,
        posted=False,
    )


slots: Projector[Any] = Projector(
    name="slots",
    row=Slot,
    keyed="scheduler_run_id",
    hears=(ProfileReadFailed, PostDisappeared, SlotClosed),
    key=by_reading,
    evolve=fill,
)
