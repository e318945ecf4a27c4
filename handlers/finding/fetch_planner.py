"""Fetch planner: one run at a time over three bounded sources whose cursors go round for ever.

A short queue after a due run starts one refill run; a refill never starts another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.in_force import rules_in_force, whole_account
from schema.contracts import Fold, Handler, Recorded
from schema.events.fetching import (
    FetchCompleted,
    FetchFailed,
    FetchSkipped,
    FetchStarted,
    FullCycleCompleted,
    SourcePlan,
    Trigger,
)
from schema.events.operations import Job, JobDue, SettingsChanged
from schema.ids import RunId, derive
from schema.posts import Source
from schema.rules import FetchRules, Rules

Hears = SettingsChanged | JobDue | FetchCompleted | FullCycleCompleted
Says = FetchStarted | FetchSkipped | FetchFailed | FetchCompleted


class Fetching(msgspec.Struct, frozen=True):
    """The run under way, and where each source's cursor stands."""

    running: RunId | None = None
    started_at: datetime | None = None
    cursors: dict[str, int] = {}


class States(msgspec.Struct, frozen=True):
    """What the planner remembers."""

    rules: Rules
    fetching: Fetching


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Start a fetch when due and none runs; close one that never ended."""
    event = recorded.event
    match event:
        case JobDue(job=Job.FETCH):
            return [_start_or_skip(states, recorded, Trigger.DUE)]
        case FullCycleCompleted(trigger=Trigger.DUE) if _is_short(states.rules, event):
            return [_start_or_skip(states, recorded, Trigger.REFILL)]
        case JobDue(job=Job.WATCHDOG | Job.POST):
            return _close_lost(states, recorded.at)
        case JobDue() | SettingsChanged() | FetchCompleted() | FullCycleCompleted():
            return []


def _is_short(rules: Rules, event: FullCycleCompleted) -> bool:
    return event.queue_size < rules.queue.refill_below


def _start_or_skip(
    states: States, recorded: Recorded[Hears], trigger: Trigger
) -> FetchStarted | FetchSkipped:
    running = states.fetching.running
    if running is not None:
        return FetchSkipped(running=running, trigger=trigger)
    rules = states.rules.fetch
    return FetchStarted(
        run_id=RunId(derive(recorded.event_id, "fetch")),
        trigger=trigger,
        plan=plan(rules, states.fetching.cursors),
        deadline_s=rules.deadline_s,
    )


def plan(rules: FetchRules, cursors: dict[str, int]) -> tuple[SourcePlan, ...]:
    """Take the next few queries of each source, from its cursor on, round its whole list."""
    lists = (
        (Source.CURATED, rules.curated, rules.curated_per_run),
        (Source.KEYWORD, rules.keywords, rules.keywords_per_run),
        (Source.VIRAL, rules.viral, rules.viral_per_run),
    )
    return tuple(
        _plan_source(rules, source, queries, count, cursors.get(source, 0))
        for source, queries, count in lists
        if queries
    )


def _plan_source(
    rules: FetchRules, source: Source, queries: tuple[str, ...], count: int, cursor: int
) -> SourcePlan:
    count = min(count, len(queries))
    chosen = tuple(queries[(cursor + step) % len(queries)] for step in range(count))
    return SourcePlan(
        source=source,
        queries=chosen,
        next_cursor=(cursor + count) % len(queries),
        limit=rules.posts_per_query,
        timebox_s=rules.timebox_s,
    )


def _close_lost(states: States, now: datetime) -> list[Says]:
    run, started_at = states.fetching.running, states.fetching.started_at
    lost_after = timedelta(seconds=states.rules.fetch.lost_after_s)
    if run is None or started_at is None or now - started_at < lost_after:
        return []
    elapsed_ms = int((now - started_at) / timedelta(milliseconds=1))
    return [
        FetchFailed(run_id=run, reason="never ended"),
        FetchCompleted(run_id=run, ok=False, seen=0, new=0, elapsed_ms=elapsed_ms),
    ]


def _evolve(state: Fetching, recorded: Recorded[Any]) -> Fetching:
    event = recorded.event
    match event:
        case FetchStarted():
            cursors = state.cursors | {str(part.source): part.next_cursor for part in event.plan}
            return Fetching(running=event.run_id, started_at=recorded.at, cursors=cursors)
        case FetchCompleted() if event.run_id == state.running:
            return replace(state, running=None, started_at=None)
        case _:
            return state


fetching: Fold[Fetching] = Fold(
    state=Fetching, initial=Fetching(), key=whole_account, evolve=_evolve
)

fetch_planner = Handler(
    name="fetch_planner",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={"rules": rules_in_force, "fetching": fetching},
    states=States,
    decide=decide,
    jobs=(Job.FETCH, Job.WATCHDOG, Job.POST),
)
