"""The fetch planner: one run at a time, over lists whose cursors go round."""

from __future__ import annotations

import pytest

from handlers.finding.fetch_planner import fetch_planner
from schema.events.fetching import (
    FetchCompleted,
    FetchFailed,
    FetchSkipped,
    FetchStarted,
    FullCycleCompleted,
    Trigger,
)
from schema.events.operations import Job
from schema.ids import RunId, named
from schema.posts import Source
from schema.rules import FetchRules
from tests.handlers.facts import due, minutes, rules
from tests.handlers.given import NOTHING, Scene

LISTS = FetchRules(
    curated=("a", "b", "c", "d", "e", "f", "g"), keywords=("k", "l"), viral=("active", "new")
)


def completed(run: RunId) -> FetchCompleted:
    return FetchCompleted(run_id=run, ok=True, seen=1, new=1, elapsed_ms=5)


def started(scene: Scene) -> FetchStarted:
    [event] = scene.when(due(Job.FETCH))
    assert isinstance(event, FetchStarted)
    return event


def test_a_due_fetch_starts_with_every_list_that_is_not_empty() -> None:
    event = started(Scene(fetch_planner, rules(fetch=FetchRules(keywords=("k",)))))
    assert [(plan.source, plan.queries) for plan in event.plan] == [(Source.KEYWORD, ("k",))]
    assert event.trigger is Trigger.DUE
    assert (event.deadline_s, event.plan[0].timebox_s) == (230, 90)


def test_a_run_takes_five_accounts_three_keywords_and_one_viral_query() -> None:
    event = started(Scene(fetch_planner, rules(fetch=LISTS)))
    assert [plan.queries for plan in event.plan] == [tuple("abcde"), ("k", "l"), ("active",)]


def test_the_cursors_go_round_the_whole_list_over_runs() -> None:
    scene, seen = Scene(fetch_planner, rules(fetch=LISTS)), []
    for _ in range(3):
        event = started(scene)
        seen += [query for plan in event.plan for query in plan.queries]
        scene.when(completed(event.run_id))
    assert seen[0:5] + seen[8:13] + seen[16:21] == list("abcdefgabcdefga")
    assert (seen[7], seen[15], seen[23]) == ("active", "new", "active")


def test_a_fetch_due_during_a_run_is_skipped_on_record() -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    run = started(scene).run_id
    assert scene.when(due(Job.FETCH)) == [FetchSkipped(running=run, trigger=Trigger.DUE)]


def test_the_next_fetch_starts_once_the_run_has_completed() -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    run = started(scene).run_id
    assert scene.when(completed(run)) == NOTHING
    assert started(scene).run_id != run


def test_the_end_of_another_run_ends_nothing() -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    started(scene)
    scene.when(completed(RunId(named("another run"))))
    assert isinstance(scene.when(due(Job.FETCH))[0], FetchSkipped)


@pytest.mark.parametrize("job", [Job.WATCHDOG, Job.POST])
def test_a_run_that_never_ended_is_closed_as_failed_after_six_minutes(job: Job) -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    run = started(scene).run_id
    scene.given(minutes(6))
    assert scene.when(due(job)) == [
        FetchFailed(run_id=run, reason="never ended"),
        FetchCompleted(run_id=run, ok=False, seen=0, new=0, elapsed_ms=360_000),
    ]
    assert isinstance(scene.when(due(Job.FETCH))[0], FetchStarted)


def test_a_run_of_less_than_six_minutes_is_left_alone() -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    started(scene)
    assert scene.given(minutes(5.9)).when(due(Job.WATCHDOG)) == NOTHING


def test_the_watchdog_closes_nothing_when_nothing_runs() -> None:
    assert Scene(fetch_planner, rules(fetch=LISTS)).when(due(Job.WATCHDOG)) == NOTHING


def test_other_jobs_start_no_fetch() -> None:
    assert Scene(fetch_planner, rules(fetch=LISTS)).when(due(Job.POST)) == NOTHING


def cycle(trigger: Trigger, queue_size: int) -> FullCycleCompleted:
    return FullCycleCompleted(
        run_id=RunId(named("fetch")),
        trigger=trigger,
        ok=True,
        found=0,
        evaluated=0,
        queued=0,
        unfinished=0,
        queue_size=queue_size,
        elapsed_ms=1,
    )


@pytest.mark.parametrize("size", [0, 4])
def test_a_short_queue_after_a_fetch_is_refilled_at_once(size: int) -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    [event] = scene.when(cycle(Trigger.DUE, size))
    assert isinstance(event, FetchStarted)
    assert event.trigger is Trigger.REFILL


def test_five_in_the_queue_are_enough() -> None:
    assert Scene(fetch_planner, rules(fetch=LISTS)).when(cycle(Trigger.DUE, 5)) == NOTHING


def test_a_refill_starts_no_other() -> None:
    assert Scene(fetch_planner, rules(fetch=LISTS)).when(cycle(Trigger.REFILL, 0)) == NOTHING


def test_a_refill_during_a_run_is_skipped_on_record() -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    run = started(scene).run_id
    skipped = FetchSkipped(running=run, trigger=Trigger.REFILL)
    assert scene.when(cycle(Trigger.DUE, 0)) == [skipped]


def test_a_refill_goes_on_where_the_cursors_stand() -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    scene.when(completed(started(scene).run_id))
    [event] = scene.when(cycle(Trigger.DUE, 0))
    assert isinstance(event, FetchStarted)
    assert [plan.queries for plan in event.plan] == [tuple("fgabc"), ("k", "l"), ("new",)]


def test_the_cursors_survive_a_restart() -> None:
    before = Scene(fetch_planner, rules(fetch=LISTS))
    run = started(before)
    after = Scene(fetch_planner, rules(fetch=LISTS), run, completed(run.run_id))
    before.when(completed(run.run_id))
    assert started(after).plan == started(before).plan


def test_a_list_that_grew_shorter_is_gone_round_as_it_is_now() -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    scene.when(completed(started(scene).run_id))
    scene.given(rules(fetch=FetchRules(curated=("a", "b"), keywords=("k",))))
    assert [plan.queries for plan in started(scene).plan] == [("b", "a"), ("k",)]


def test_a_failed_run_is_always_followed_by_its_end() -> None:
    scene = Scene(fetch_planner, rules(fetch=LISTS))
    run = started(scene).run_id
    scene.given(minutes(7))
    failed, ended = scene.when(due(Job.WATCHDOG))
    assert (type(failed), type(ended)) == (FetchFailed, FetchCompleted)
    assert isinstance(ended, FetchCompleted)
    assert (ended.run_id, ended.ok) == (run, False)
