"""Slot opener: a due slot is on record before any of its work begins, and so is never lost."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from schema.contracts import Handler, Recorded
from schema.events.operations import Job, JobDue
from schema.events.scheduling import SchedulerStarted
from schema.ids import SchedulerRunId, derive


class States(msgspec.Struct, frozen=True):
    """Nothing to remember."""


def decide(states: States, recorded: Recorded[JobDue]) -> Sequence[SchedulerStarted]:
    """Open the slot."""
    del states
    event = recorded.event
    if event.job is not Job.SCHEDULE:
        return []
    run_id = SchedulerRunId(derive(recorded.event_id, "scheduler_run"))
    return [
        SchedulerStarted(
            scheduler_run_id=run_id,
            slot=event.slot,
            seed=event.seed,
            utc_offset_min=event.utc_offset_min,
        )
    ]


slot_opener = Handler(
    name="slot_opener",
    hears=(JobDue,),
    says=(SchedulerStarted,),
    folds={},
    states=States,
    decide=decide,
    jobs=(Job.SCHEDULE,),
)
