"""The prober: once per build, on the scheduler's own path, and never where nothing may go out."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

import handlers
from handlers.watching.prober import prober
from schema.events.base import Event
from schema.events.operations import Job, StopSource
from schema.events.permitting import ReasonCode
from schema.events.posting import ClickWithheld, LateConfirmed, OutcomeUnknown, PostingSuccess, Via
from schema.events.proving import ProbeCompleted, ProbePutOff, ProbeStarted
from schema.events.scheduling import (
    DecisionMade,
    SchedulerStarted,
    SlotClosed,
    SlotReason,
)
from schema.rules import FetchRules, Rules, ScheduleRules
from tests.handlers.facts import (
    SOME_EVENT,
    accepted,
    allowed,
    approved,
    attempted,
    created,
    decided,
    draft_refused,
    due,
    ended,
    hours,
    minutes,
    queued,
    refused,
    rules,
    stopped,
)
from tests.handlers.flow import Flow
from tests.handlers.given import NOON, NOTHING, Scene
from tests.handlers.test_alert_keeper import booted

LOOK = due(Job.WATCHDOG)


def posted(n: int = 1, **changes: Any) -> PostingSuccess:
    fields = {"spends": SOME_EVENT, "posted_id": f"q{n}", "url": "", "text_hash": "0" * 64}
    made: PostingSuccess = ended(PostingSuccess, n, **fields, via=Via.RESPONSE, posted_at=None)
    return replace(made, **changes)


def probing(*facts: Any) -> tuple[Scene, ProbeStarted, SchedulerStarted]:
    scene = Scene(prober, booted("new"), queued(1), *facts)
    started, slot = scene.when(LOOK)
    assert isinstance(started, ProbeStarted)
    assert isinstance(slot, SchedulerStarted)
    return scene, started, slot


def of(event: Any, slot: SchedulerStarted) -> Any:
    """Move an event of a chain into the probe's slot."""
    return replace(event, scheduler_run_id=slot.scheduler_run_id)


def closed(slot: SchedulerStarted, reason: SlotReason) -> SlotClosed:
    return SlotClosed(
        scheduler_run_id=slot.scheduler_run_id,
        slot=NOON,
        reason=reason,
        decision_id=None,
        queue_size=0,
    )


def chain(slot: SchedulerStarted) -> list[Event]:
    facts = [decided(1), created(1), approved(1), accepted(1), attempted(1)]
    return [of(fact, slot) for fact in facts]


def test_a_new_build_proves_itself_over_the_schedulers_own_path() -> None:
    _, started, slot = probing()
    assert started.git_sha == "new"
    assert started.scheduler_run_id == slot.scheduler_run_id


def test_a_probe_runs_once_per_build() -> None:
    scene, _, slot = probing()
    assert scene.when(LOOK) == NOTHING
    assert scene.when(of(posted(1), slot))
    assert scene.given(hours(3)).when(LOOK) == NOTHING
    assert scene.given(booted("newer")).when(LOOK)
    assert scene.given(booted("new"), hours(3)).when(due(Job.POST)) == NOTHING


def test_a_build_with_a_whole_chain_lately_needs_no_probe() -> None:
    scene = Scene(prober, booted("new"), queued(1), posted(2), hours(1.9))
    assert scene.when(LOOK) == NOTHING
    assert scene.given(hours(0.2)).when(LOOK)


def test_a_chain_of_the_build_before_proves_nothing_of_this_one() -> None:
    assert Scene(prober, booted("old"), posted(2), booted("new"), queued(1)).when(LOOK)


def test_the_same_build_started_again_stays_proved() -> None:
    scene = Scene(prober, booted("new"), posted(2), booted("new"), queued(1))
    assert scene.when(LOOK) == NOTHING


def test_a_post_without_a_whole_chain_proves_nothing() -> None:
    assert Scene(prober, booted("new"), queued(1), posted(2, evaluation_id=None)).when(LOOK)


QUIET = rules(schedule=ScheduleRules(quiet_from="11:00", quiet_until="13:00"))


@pytest.mark.parametrize(
    ("facts", "mended"),
    [
        ([queued(1), stopped()], allowed()),
        ([queued(1), stopped(StopSource.FILE)], allowed(StopSource.FILE)),
        ([], queued(1)),
        ([QUIET, queued(1)], rules()),
    ],
    ids=["stopped", "stopped by a file", "empty queue", "quiet hours"],
)
def test_it_waits_and_does_not_use_up_the_build(facts: list[Any], mended: Event) -> None:
    scene = Scene(prober, booted("new"), *facts)
    assert scene.when(LOOK) == NOTHING
    assert isinstance(scene.given(mended).when(LOOK)[0], ProbeStarted)


def test_the_result_names_the_whole_chain() -> None:
    scene, started, slot = probing()
    scene.given(*chain(slot))
    [done] = scene.when(of(posted(1), slot))
    assert isinstance(done, ProbeCompleted)
    assert (done.ok, done.missing, done.posted_id) == (True, (), "q1")
    made = decided(1)
    assert (done.probe_id, done.git_sha) == (started.probe_id, "new")
    assert (done.evaluation_id, done.queue_id) == (made.evaluation_id, made.queue_id)
    assert (done.decision_id, done.permit_id) == (made.decision_id, created(1).permit_id)


@pytest.mark.parametrize(
    ("end", "reason", "missing"),
    [
        (
            draft_refused(1),
            "draft_rejected",
            ("draft_accepted", "click_attempt", "posting_success"),
        ),
        (
            refused(1, ReasonCode.TARGET_NOT_ROOT),
            "permit_rejected",
            ("permit_approved", "draft_accepted", "click_attempt", "posting_success"),
        ),
        (
            ended(ClickWithheld, mode="shadow"),
            "click_withheld",
            ("draft_accepted", "click_attempt", "posting_success"),
        ),
    ],
)
def test_a_chain_that_ends_early_says_what_is_missing(
    end: Event, reason: str, missing: tuple[str, ...]
) -> None:
    scene, _, slot = probing()
    facts = chain(slot)[:2] if reason == "permit_rejected" else chain(slot)[:3]
    [done] = scene.given(*facts).when(of(end, slot))
    assert isinstance(done, ProbeCompleted)
    assert (done.ok, done.reason, done.missing, done.posted_id) == (False, reason, missing, None)


def test_an_unknown_outcome_is_waited_for() -> None:
    scene, _, slot = probing()
    unknown = of(ended(OutcomeUnknown, spends=SOME_EVENT, detail=""), slot)
    scene.given(*chain(slot), unknown)
    [done] = scene.when(of(posted(1), slot))
    assert isinstance(done, ProbeCompleted)
    assert done.ok


def late(event: PostingSuccess) -> LateConfirmed:
    fields = {name: getattr(event, name) for name in LateConfirmed.__struct_fields__}
    return LateConfirmed(**fields)


def test_a_late_confirmation_completes_the_chain_too() -> None:
    scene, _, slot = probing()
    [done] = scene.given(*chain(slot)).when(of(late(posted(1)), slot))
    assert isinstance(done, ProbeCompleted)
    assert (done.ok, done.posted_id, done.reason) == (True, "q1", "late_confirmed")


def test_a_text_that_may_be_written_anew_ends_no_probe() -> None:
    scene, _, slot = probing()
    assert scene.given(*chain(slot)[:3]).when(of(draft_refused(1, final=False), slot)) == NOTHING
    assert len(scene.when(of(draft_refused(1), slot))) == 1


def test_a_slot_that_has_decided_ends_no_probe() -> None:
    scene, _, slot = probing()
    assert scene.given(of(decided(1), slot)).when(closed(slot, SlotReason.DECIDED)) == NOTHING


def test_another_chain_ends_no_probe() -> None:
    scene, _, _ = probing()
    assert scene.when(posted(2)) == NOTHING
    assert scene.when(draft_refused(2)) == NOTHING


@pytest.mark.parametrize(
    "reason", [SlotReason.BUDGET_EXHAUSTED, SlotReason.RATE_LIMITED, SlotReason.QUEUE_EMPTY]
)
def test_a_slot_without_a_decision_puts_the_probe_off(reason: SlotReason) -> None:
    scene, _, slot = probing()
    [off] = scene.when(closed(slot, reason))
    assert isinstance(off, ProbePutOff)
    assert (off.git_sha, off.reason) == ("new", reason)
    assert scene.given(minutes(29)).when(LOOK) == NOTHING
    assert isinstance(scene.given(minutes(1)).when(LOOK)[0], ProbeStarted)


def test_a_refusal_for_the_rate_puts_the_probe_off() -> None:
    scene, _, slot = probing()
    [off] = scene.when(of(refused(1, ReasonCode.RATE_LIMITED), slot))
    assert isinstance(off, ProbePutOff)


def test_a_probe_that_takes_too_long_ends_as_failed() -> None:
    scene, _, slot = probing()
    scene.given(*chain(slot), hours(2))
    [done] = scene.when(LOOK)
    assert isinstance(done, ProbeCompleted)
    assert (done.ok, done.reason, done.missing) == (False, "took too long", ("posting_success",))
    assert scene.when(LOOK) == NOTHING


def test_a_probe_held_back_by_the_kill_switch_does_not_use_up_the_build() -> None:
    scene, _, _ = probing()
    [off] = scene.given(stopped(), hours(2)).when(LOOK)
    assert isinstance(off, ProbePutOff)
    scene.given(allowed(), minutes(30), queued(2))
    assert isinstance(scene.when(LOOK)[0], ProbeStarted)


def test_a_probe_that_the_night_overtook_does_not_use_up_the_build() -> None:
    night = rules(schedule=ScheduleRules(quiet_from="12:30", quiet_until="20:00"))
    scene, _, slot = probing(night)
    [off] = scene.given(*chain(slot)[:4], hours(2)).when(LOOK)
    assert isinstance(off, ProbePutOff)
    assert off.reason == SlotReason.RATE_LIMITED
    assert isinstance(scene.given(hours(6), queued(2)).when(LOOK)[0], ProbeStarted)


def test_the_probes_slot_is_decided_by_the_scheduler_under_the_same_law() -> None:
    flow = Flow(handlers.ALL)
    flow.put_in_force(Rules(handle="me", fetch=FetchRules()))
    flow.say(booted("new"))
    flow.say(queued(1))
    flow.tick(minutes(1), [Job.WATCHDOG])
    flow.settle()
    [started] = flow.of(ProbeStarted)
    [made] = flow.of(DecisionMade)
    assert made.event.scheduler_run_id == started.event.scheduler_run_id
    assert made.event.pipeline_source == "reply_v2_scheduler"
    [slot] = flow.of(SlotClosed)
    assert slot.event.reason is SlotReason.DECIDED
