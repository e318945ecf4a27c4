"""The cycle keeper: one event closes a fetch, the verdicts on what it found, and the queue."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from handlers.finding.cycle_keeper import cycle_keeper
from schema.events.base import Event
from schema.events.fetching import FetchCompleted, FetchStarted, FullCycleCompleted, Trigger
from schema.events.judging import CandidateRejected, Verdict
from schema.events.operations import Job
from schema.ids import RunId, named
from tests.handlers.facts import due, evaluated, found, item_expired, minutes, of_candidate, queued
from tests.handlers.given import NOTHING, Scene

RUN = RunId(named("fetch", "1"))
STARTED = FetchStarted(run_id=RUN, trigger=Trigger.DUE, plan=(), deadline_s=230)
REFUSED: dict[str, Any] = {"verdict": Verdict.REJECT, "reason": "too_risky"}


def completed(run: RunId = RUN, *, ok: bool = True) -> FetchCompleted:
    return FetchCompleted(run_id=run, ok=ok, seen=1, new=1, elapsed_ms=5)


def rejected(n: int) -> CandidateRejected:
    return CandidateRejected(**of_candidate(n), reason="author_blocked")


def closed(scene: Scene, event: Event) -> FullCycleCompleted:
    [said] = scene.when(event)
    assert isinstance(said, FullCycleCompleted)
    return said


def test_a_run_that_found_nothing_is_a_whole_cycle_at_once() -> None:
    scene = Scene(cycle_keeper, STARTED, minutes(1))
    assert closed(scene, completed(ok=False)) == FullCycleCompleted(
        run_id=RUN,
        trigger=Trigger.DUE,
        ok=False,
        found=0,
        evaluated=0,
        queued=0,
        unfinished=0,
        queue_size=0,
        elapsed_ms=60_000,
    )


def test_a_cycle_waits_for_the_verdicts_and_for_the_queue() -> None:
    scene = Scene(cycle_keeper, STARTED, found(1), found(2))
    assert scene.when(completed()) == NOTHING
    assert scene.when(evaluated(1)) == NOTHING
    assert scene.when(evaluated(2, **REFUSED)) == NOTHING
    cycle = closed(scene, queued(1))
    assert (cycle.found, cycle.evaluated, cycle.queued, cycle.queue_size) == (2, 2, 1, 1)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_whatever_comes_last_closes_the_cycle_once(order: tuple[int, ...]) -> None:
    """The end of the run, a refusal, and a pass with its place in the queue, in any order."""
    parts: list[list[Event]] = [
        [completed()],
        [evaluated(1, **REFUSED), rejected(1)],
        [evaluated(2), queued(2)],
        [evaluated(3), rejected(3)],
    ]
    scene = Scene(cycle_keeper, STARTED, found(1), found(2), found(3))
    said = [one for place in order for event in parts[place] for one in scene.when(event)]
    assert [type(one) for one in said] == [FullCycleCompleted]
    [cycle] = said
    assert isinstance(cycle, FullCycleCompleted)
    assert (cycle.found, cycle.evaluated, cycle.queued, cycle.unfinished) == (3, 3, 1, 0)


def test_a_candidate_that_nobody_judges_holds_the_cycle_for_fifteen_minutes() -> None:
    scene = Scene(cycle_keeper, STARTED, found(1), completed(), minutes(14))
    assert scene.when(due(Job.WATCHDOG)) == NOTHING
    scene.given(minutes(1))
    cycle = closed(scene, due(Job.WATCHDOG))
    assert (cycle.unfinished, cycle.evaluated) == (1, 0)
    assert scene.when(evaluated(1, **REFUSED)) == NOTHING


def test_a_run_that_has_not_ended_is_not_closed_for_being_late() -> None:
    scene = Scene(cycle_keeper, STARTED, timedelta(hours=1))
    assert scene.when(due(Job.WATCHDOG)) == NOTHING


def test_the_queue_is_counted_as_the_cycle_leaves_it() -> None:
    scene = Scene(cycle_keeper, queued(7), queued(8), item_expired(8), STARTED, found(1), found(2))
    scene.given(completed(), evaluated(1), queued(1), evaluated(2))
    assert closed(scene, queued(2)).queue_size == 3


def test_two_runs_are_two_cycles() -> None:
    other = RunId(named("fetch", "2"))
    refill = FetchStarted(run_id=other, trigger=Trigger.REFILL, plan=(), deadline_s=230)
    scene = Scene(cycle_keeper, STARTED, found(1), completed(), refill)
    assert closed(scene, completed(other)).trigger is Trigger.REFILL
    assert closed(scene, evaluated(1, **REFUSED)).trigger is Trigger.DUE
