"""The open cycles: what each fetch found, and which of it is still without a verdict."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers.entries import without
from handlers.in_force import whole_account
from schema.contracts import Fold, Recorded
from schema.events.fetching import (
    CandidateFound,
    FetchCompleted,
    FetchStarted,
    FullCycleCompleted,
    Trigger,
)
from schema.events.judging import CandidateEvaluated, CandidateRejected, Verdict
from schema.events.queueing import CandidateQueued
from schema.ids import RunId


class Cycle(msgspec.Struct, frozen=True):
    """One fetch and what followed; `pending` are candidates without a verdict or a queue item."""

    run_id: RunId
    trigger: Trigger
    started_at: datetime
    fetched: bool = False
    ok: bool = False
    found: int = 0
    evaluated: int = 0
    queued: int = 0
    pending: tuple[str, ...] = ()


class Cycles(msgspec.Struct, frozen=True):
    """The open cycles by run."""

    open: dict[str, Cycle] = {}


def is_over(cycle: Cycle) -> bool:
    """Say whether nothing of the cycle is still under way."""
    return cycle.fetched and not cycle.pending


def evolve(cycles: Cycles, recorded: Recorded[Any]) -> Cycles:
    """Follow each cycle."""
    event = recorded.event
    match event:
        case FetchStarted():
            return _put(cycles, Cycle(event.run_id, event.trigger, recorded.at))
        case FullCycleCompleted():
            return Cycles(without(cycles.open, event.run_id))
        case FetchCompleted():
            cycle = cycles.open.get(str(event.run_id))
            return cycles if cycle is None else _put(cycles, _fetched(cycle, event))
        case CandidateFound():
            cycle = cycles.open.get(str(event.run_id))
            return cycles if cycle is None else _put(cycles, _found(cycle, event))
        case CandidateEvaluated() | CandidateQueued() | CandidateRejected():
            candidate = str(event.candidate_id)
            cycle = next((one for one in cycles.open.values() if candidate in one.pending), None)
            return cycles if cycle is None else _put(cycles, _judged(cycle, event))
        case _:
            return cycles


def _put(cycles: Cycles, cycle: Cycle) -> Cycles:
    return Cycles(cycles.open | {str(cycle.run_id): cycle})


def _fetched(cycle: Cycle, event: FetchCompleted) -> Cycle:
    return replace(cycle, fetched=True, ok=event.ok)


def _found(cycle: Cycle, event: CandidateFound) -> Cycle:
    pending = (*cycle.pending, str(event.candidate_id))
    return replace(cycle, found=cycle.found + 1, pending=pending)


def _judged(cycle: Cycle, event: CandidateEvaluated | CandidateQueued | CandidateRejected) -> Cycle:
    left = tuple(one for one in cycle.pending if one != str(event.candidate_id))
    match event:
        case CandidateEvaluated(verdict=Verdict.PASS):  # its queue item is still to come
            return replace(cycle, evaluated=cycle.evaluated + 1)
        case CandidateEvaluated():
            return replace(cycle, evaluated=cycle.evaluated + 1, pending=left)
        case CandidateQueued():
            return replace(cycle, queued=cycle.queued + 1, pending=left)
        case CandidateRejected():  # it passed, but meanwhile its author was blocked
            return replace(cycle, pending=left)


by_account: Fold[Cycles] = Fold(state=Cycles, initial=Cycles(), key=whole_account, evolve=evolve)
