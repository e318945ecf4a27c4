"""Golden bytes of alerts, of the probe, and of a watchdog's report with and without activity."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from schema.catalogue import type_of
from schema.events.alerting import (
    Alert,
    AlertAcknowledged,
    AlertCleared,
    AlertDelivered,
    AlertRaised,
    AlertUndelivered,
)
from schema.events.base import Event
from schema.events.operations import Severity, WatchdogReported
from schema.events.proving import ProbeCompleted, ProbePutOff, ProbeStarted
from schema.ids import DecisionId, SchedulerRunId
from schema.wire import decode, encode

ONE, TWO = UUID(int=1), UUID(int=2)
ONE_TEXT, TWO_TEXT = str(ONE).encode(), str(TWO).encode()
OF_PROBE: dict[str, Any] = {
    "probe_id": ONE,
    "git_sha": "abc",
    "scheduler_run_id": SchedulerRunId(TWO),
}
PROBE = b'"probe_id":"%s","git_sha":"abc","scheduler_run_id":"%s",' % (ONE_TEXT, TWO_TEXT)

OLDER_REPORT = (
    b'{"type":"watchdog_reported","worker_id":"%s","git_sha":"abc","log_position":9,'
    b'"lag":{"click":1},"backlog":{"judge":2},"queue_size":3}'
) % ONE_TEXT
REPORT = WatchdogReported(
    worker_id=ONE,
    git_sha="abc",
    log_position=9,
    lag={"click": 1},
    backlog={"judge": 2},
    queue_size=3,
    last_activity={"click": datetime(2026, 1, 31, 12, tzinfo=UTC)},
)

GOLDEN: list[tuple[Event, bytes]] = [
    (
        AlertRaised(
            alert=Alert.GHOST,
            subject="h1",
            severity=Severity.CRITICAL,
            message="nothing explains it",
            data={"tweet_id": "h1"},
        ),
        (
            b'{"type":"alert_raised","alert":"ghost","subject":"h1","severity":"critical",'
            b'"message":"nothing explains it","data":{"tweet_id":"h1"}}'
        ),
    ),
    (
        AlertCleared(
            alert=Alert.WORK_PARKED, subject="judge:3", severity=Severity.ERROR, why="mended"
        ),
        (
            b'{"type":"alert_cleared","alert":"work_parked","subject":"judge:3",'
            b'"severity":"error","why":"mended"}'
        ),
    ),
    (
        AlertAcknowledged(alert=Alert.SHA_UNEXPECTED, subject="w", why="seen", by="me"),
        (
            b'{"type":"alert_acknowledged","alert":"sha_unexpected","subject":"w",'
            b'"why":"seen","by":"me"}'
        ),
    ),
    (
        AlertDelivered(alert=Alert.FETCH_UNFINISHED, subject="run", told=ONE, status=204, tries=1),
        (
            b'{"type":"alert_delivered","alert":"fetch_unfinished","subject":"run",'
            b'"told":"%s","status":204,"tries":1}'
        )
        % ONE_TEXT,
    ),
    (
        AlertUndelivered(
            alert=Alert.SCHEDULER_SILENT, subject="scheduler", told=ONE, reason="away", tries=5
        ),
        (
            b'{"type":"alert_undelivered","alert":"scheduler_silent","subject":"scheduler",'
            b'"told":"%s","reason":"away","tries":5}'
        )
        % ONE_TEXT,
    ),
    (
        AlertRaised(
            alert=Alert.INVALID_PIPELINE_SOURCE,
            subject="p",
            severity=Severity.CRITICAL,
            message="",
            data={},
        ),
        (
            b'{"type":"alert_raised","alert":"invalid_pipeline_source","subject":"p",'
            b'"severity":"critical","message":"","data":{}}'
        ),
    ),
    (
        AlertCleared(
            alert=Alert.SITE_CHALLENGED, subject="log_in", severity=Severity.ERROR, why="looked"
        ),
        (
            b'{"type":"alert_cleared","alert":"site_challenged","subject":"log_in",'
            b'"severity":"error","why":"looked"}'
        ),
    ),
    (
        AlertCleared(
            alert=Alert.PROFILE_UNREAD, subject="profile", severity=Severity.ERROR, why="read"
        ),
        (
            b'{"type":"alert_cleared","alert":"profile_unread","subject":"profile",'
            b'"severity":"error","why":"read"}'
        ),
    ),
    (
        ProbeStarted(**OF_PROBE, why="new"),
        b'{"type":"probe_started",' + PROBE + b'"why":"new"}',
    ),
    (
        ProbePutOff(**OF_PROBE, reason="rate_limited"),
        b'{"type":"probe_put_off",' + PROBE + b'"reason":"rate_limited"}',
    ),
    (
        ProbeCompleted(
            **OF_PROBE,
            ok=False,
            evaluation_id=None,
            queue_id=None,
            decision_id=DecisionId(ONE),
            permit_id=None,
            posted_id="q1",
            missing=("click_attempt",),
            reason="took too long",
        ),
        b'{"type":"probe_completed",'
        + PROBE
        + b'"ok":false,"evaluation_id":null,"queue_id":null,"decision_id":"%s",' % ONE_TEXT
        + b'"permit_id":null,"posted_id":"q1","missing":["click_attempt"],'
        + b'"reason":"took too long"}',
    ),
    (REPORT, OLDER_REPORT[:-1] + b',"last_activity":{"click":"2026-01-31T12:00:00Z"}}'),
]


@pytest.mark.parametrize(("event", "body"), GOLDEN, ids=lambda one: type(one).__name__)
def test_a_released_word_keeps_its_bytes(event: Event, body: bytes) -> None:
    assert encode(event) == body
    assert decode(type_of(event), 1, body) == event


def test_a_report_from_before_activity_was_told_is_read() -> None:
    assert decode("watchdog_reported", 1, OLDER_REPORT) == replace(REPORT, last_activity={})


def test_every_kind_of_alert_is_here() -> None:
    assert {event.alert for event, _ in GOLDEN if hasattr(event, "alert")} == set(Alert)
