"""The proof keeper: one event with every count of the rollup."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.watching.proof_keeper import proof_keeper
from schema.events.alerting import Alert, AlertRaised
from schema.events.base import Event, tag_of
from schema.events.challenging import ChallengeKind, SiteChallenged
from schema.events.fetching import FetchCompleted, FetchFailed, FetchStarted, Trigger
from schema.events.ghosts import GhostDetected
from schema.events.operations import (
    Job,
    MessageParked,
    ProofRolledUp,
    Severity,
    UnhandledException,
    WorkerStarted,
)
from schema.events.permitting import PermitRejected, ReasonCode
from schema.events.posting import (
    ClickBlocked,
    LateClickDetected,
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingFailed,
    PostingSuccess,
    Via,
)
from schema.events.proving import TreeHead
from schema.events.queueing import CandidateReleased
from schema.ids import ReadingId, RunId, named
from schema.severity import SEVERITIES
from tests.handlers.facts import (
    SOME_EVENT,
    created,
    due,
    ended,
    hours,
    item_expired,
    item_rejected,
    minutes,
    of_item,
    queued,
    selected,
    slot_opened,
)
from tests.handlers.given import NOON, NOTHING, Scene

ROLL_UP = due(Job.PROOF)
RUN = RunId(named("run"))
STARTED = FetchStarted(run_id=RUN, trigger=Trigger.DUE, plan=(), deadline_s=230)
COMPLETED = FetchCompleted(run_id=RUN, ok=True, seen=1, new=1, elapsed_ms=1)
GHOST = GhostDetected(
    reading_id=ReadingId(named("reading")),
    posted_id="h1",
    url="",
    text="",
    posted_at=None,
    detected_at=NOON,
    target_post_id=None,
    missing=("permit",),
)
ERRORS = {Severity.ERROR, Severity.CRITICAL}
UNKNOWN = ended(OutcomeUnknown, spends=SOME_EVENT, detail="")


def refused(reason: ReasonCode) -> PermitRejected:
    return ended(
        PermitRejected,
        spends=SOME_EVENT,
        reason_code=reason,
        error_message="",
        pipeline_source="elsewhere",
        allowed_sources=("here",),
    )


def booted(sha: str) -> WorkerStarted:
    return WorkerStarted(
        worker_id=named("worker"),
        git_sha=sha,
        version="1",
        host="here",
        pid=1,
        roles=(),
        settings_hash="",
    )


def posted(name: str = "q1", kind: type[Event] = PostingSuccess) -> Any:
    via = {"via": Via.RESPONSE} if kind is PostingSuccess else {}
    fields = {"spends": SOME_EVENT, "posted_id": name, "url": "", "text_hash": "0" * 64}
    return ended(kind, **fields, **via, posted_at=None)


def alert(severity: Severity) -> AlertRaised:
    return AlertRaised(
        alert=Alert.SCHEDULER_SILENT, subject="s", severity=severity, message="m", data={}
    )


def rollup(*facts: Any) -> ProofRolledUp:
    [event] = Scene(proof_keeper, *facts).when(ROLL_UP)
    assert isinstance(event, ProofRolledUp)
    return event


def test_an_empty_log_rolls_up_to_nothing() -> None:
    assert rollup() == ProofRolledUp(
        fetch_started_15m=0,
        fetch_completed_15m=0,
        queue_size=0,
        scheduler_started_60m=0,
        permits_created_60m=0,
        permits_used_60m=0,
        posted_tweet_ids_last_2h=(),
        new_ghosts_last_2h=0,
        unknown_outcomes=0,
        last_error_event=None,
        running_sha="unknown",
        log_position=0,
    )


@pytest.mark.parametrize(
    ("event", "field", "window"),
    [
        (STARTED, "fetch_started_15m", minutes(15)),
        (COMPLETED, "fetch_completed_15m", minutes(15)),
        (slot_opened(), "scheduler_started_60m", minutes(60)),
        (created(1), "permits_created_60m", minutes(60)),
        (posted(), "permits_used_60m", minutes(60)),
        (GHOST, "new_ghosts_last_2h", hours(2)),
    ],
)
def test_what_happened_counts_within_its_window(event: Event, field: str, window: Any) -> None:
    almost = window - minutes(0.1)
    assert getattr(rollup(event, minutes(1), event), field) == 2
    assert getattr(rollup(event, almost), field) == 1
    assert getattr(rollup(event, window), field) == 0


def test_the_posts_of_two_hours_are_named() -> None:
    late = posted("q3", LateConfirmed)
    event = rollup(posted("q1"), minutes(30), posted("q2"), hours(1.6), late)
    assert event.posted_tweet_ids_last_2h == ("q2", "q3")


def test_the_queue_counts_who_waits() -> None:
    assert rollup(queued(1), queued(2), queued(3)).queue_size == 3
    facts = [queued(1), queued(2), queued(3), queued(4), selected(1), item_expired(2)]
    assert rollup(*facts, item_rejected(3)).queue_size == 1
    assert rollup(*facts, CandidateReleased(**of_item(1), reason="")).queue_size == 3


@pytest.mark.parametrize(
    "end",
    [
        posted(),
        posted(kind=LateConfirmed),
        ended(OutcomeAbandoned, spends=SOME_EVENT, readings=5, waited_s=1800),
    ],
)
def test_an_unknown_outcome_counts_until_it_settles(end: Event) -> None:
    assert rollup(UNKNOWN, UNKNOWN).unknown_outcomes == 1
    assert rollup(UNKNOWN, end).unknown_outcomes == 0


@pytest.mark.parametrize(
    ("event", "name"),
    [
        (GHOST, "ghost_detected"),
        (ended(ClickBlocked, code="GP022", reason=""), "click_blocked"),
        (UnhandledException(where="", kind="", message=""), "unhandled_exception"),
        (
            MessageParked(queue="", message_id=1, order_position=1, reads=6, last_error=""),
            "message_parked",
        ),
        (FetchFailed(run_id=RUN, reason=""), "fetch_failed"),
        (ended(PostingFailed, reason="", tries=4), "posting_failed"),
        (ended(LateClickDetected, attempt=SOME_EVENT, late_ms=9), "late_click_detected"),
        (
            SiteChallenged(kind=ChallengeKind.LOG_IN, during="click", detail=""),
            "site_challenged",
        ),
        (refused(ReasonCode.INVALID_PIPELINE_SOURCE), "permit_rejected_invalid_pipeline_source"),
        (alert(Severity.ERROR), "alert_raised_scheduler_silent"),
        (alert(Severity.WARNING), "ghost_detected"),
    ],
)
def test_the_last_error_is_named(event: Event, name: str) -> None:
    assert rollup(GHOST, event, STARTED).last_error_event == name


def test_a_refusal_of_everyday_is_no_error() -> None:
    assert rollup(GHOST, refused(ReasonCode.RATE_LIMITED)).last_error_event == "ghost_detected"


def test_every_event_that_is_an_error_is_heard() -> None:
    bad = {name for name, severity in SEVERITIES.items() if severity in ERRORS}
    assert bad <= {tag_of(kind.__name__) for kind in proof_keeper.hears}


def test_the_root_covers_up_to_its_position() -> None:
    head = TreeHead(size=8, root="ab", peaks=())
    event = rollup(STARTED, head, COMPLETED)
    assert (event.log_position, event.log_root_hash) == (7, "ab")


def test_the_build_that_started_last_is_running() -> None:
    assert rollup(booted("old"), booted("new")).running_sha == "new"


def test_the_position_is_that_of_the_due_event() -> None:
    assert rollup(STARTED, COMPLETED).log_position == 2


def test_nothing_else_rolls_up() -> None:
    for event in (due(Job.WATCHDOG), STARTED, GHOST, queued(1)):
        assert Scene(proof_keeper).when(event) == NOTHING
