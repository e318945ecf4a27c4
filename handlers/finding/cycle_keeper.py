"""Cycle keeper: a fetch, the verdicts on what it found, and the queue after it make one cycle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec

from handlers.finding.cycles import Cycle, Cycles, by_account, evolve, is_over
from handlers.in_force import rules_in_force
from handlers.queueing import waiting
from schema.contracts import Handler, Recorded
from schema.events.fetching import CandidateFound, FetchCompleted, FetchStarted, FullCycleCompleted
from schema.events.judging import CandidateEvaluated, CandidateRejected
from schema.events.operations import Job, JobDue, SettingsChanged
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.rules import Rules

Hears = (
    SettingsChanged
    | JobDue
    | FetchStarted
    | CandidateFound
    | FetchCompleted
    | CandidateEvaluated
    | CandidateQueued
    | CandidateSelected
    | CandidateReleased
    | CandidateExpired
    | CandidateRejected
)


class States(msgspec.Struct, frozen=True):
    """What the cycle keeper remembers."""

    rules: Rules
    cycles: Cycles
    waiting: waiting.Waiting


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[FullCycleCompleted]:
    """Close each cycle with the event that ended its last part, or when it took too long."""
    event = recorded.event
    match event:
        case FetchCompleted() | CandidateEvaluated() | CandidateQueued() | CandidateRejected():
            return _close(states, recorded)
        case JobDue(job=Job.WATCHDOG):
            return _close_late(states, recorded)
        case (
            SettingsChanged()
            | JobDue()
            | FetchStarted()
            | CandidateFound()
            | CandidateSelected()
            | CandidateReleased()
            | CandidateExpired()
        ):
            return []


def _close(states: States, recorded: Recorded[Any]) -> list[FullCycleCompleted]:
    cycles = evolve(states.cycles, recorded)
    queue_size = len(waiting.evolve(states.waiting, recorded).items)
    over = (cycle for cycle in cycles.open.values() if is_over(cycle))
    return [_completed(cycle, queue_size, recorded.at) for cycle in over]


def _close_late(states: States, recorded: Recorded[Any]) -> list[FullCycleCompleted]:
    lost_after = timedelta(seconds=states.rules.fetch.cycle_lost_after_s)
    queue_size = len(states.waiting.items)
    return [
        _completed(cycle, queue_size, recorded.at)
        for cycle in states.cycles.open.values()
        if cycle.fetched and recorded.at - cycle.started_at >= lost_after
    ]


def _completed(cycle: Cycle, queue_size: int, now: datetime) -> FullCycleCompleted:
    return FullCycleCompleted(
        run_id=cycle.run_id,
        trigger=cycle.trigger,
        ok=cycle.ok,
        found=cycle.found,
        evaluated=cycle.evaluated,
        queued=cycle.queued,
        unfinished=len(cycle.pending),
        queue_size=queue_size,
        elapsed_ms=int((now - cycle.started_at) / timedelta(milliseconds=1)),
    )


cycle_keeper = Handler(
    name="cycle_keeper",
    hears=get_args(Hears),
    says=(FullCycleCompleted,),
    folds={"rules": rules_in_force, "cycles": by_account, "waiting": waiting.by_account},
    states=States,
    decide=decide,
    jobs=(Job.WATCHDOG,),
)
