"""Alert keeper: what a person should know is raised once, and cleared when it is over.

A ghost and parked work are over when a person has answered for them, a challenge when a person has
allowed posting again, a refused source when a person has seen the alert; the others end by
themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

import msgspec

from handlers.in_force import rules_in_force
from handlers.watching import overdue
from handlers.watching.watch import Watch, by_account, place, subjects
from schema.contracts import Handler, Recorded
from schema.events.alerting import Alert, AlertAcknowledged, AlertCleared, AlertRaised
from schema.events.challenging import SiteChallenged
from schema.events.fetching import FetchCompleted, FetchStarted
from schema.events.ghosts import (
    GhostAcknowledged,
    GhostDetected,
    ManualPostAttested,
    ProfileRead,
)
from schema.events.operations import (
    Job,
    JobDue,
    MessageParked,
    PostingAllowed,
    SettingsChanged,
    Severity,
    StopSource,
    WatchdogReported,
    WorkerStarted,
    WorkerStopped,
)
from schema.events.ordering import OrderDropped, OrderRequeued
from schema.events.permitting import PermitRejected, ReasonCode
from schema.events.scheduling import SchedulerStarted
from schema.rules import Rules

Hears = (
    SettingsChanged
    | JobDue
    | WorkerStarted
    | WorkerStopped
    | WatchdogReported
    | FetchStarted
    | FetchCompleted
    | SchedulerStarted
    | PermitRejected
    | ProfileRead
    | GhostDetected
    | GhostAcknowledged
    | ManualPostAttested
    | MessageParked
    | OrderRequeued
    | OrderDropped
    | AlertAcknowledged
    | SiteChallenged
    | PostingAllowed
)
Says = AlertRaised | AlertCleared


class States(msgspec.Struct, frozen=True):
    """What the alert keeper remembers."""

    rules: Rules
    watch: Watch


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Raise what is new, clear what is over."""
    event, watch = recorded.event, states.watch
    match event:
        case JobDue(job=Job.WATCHDOG | Job.POST):
            return _looked(states, recorded.at)
        case WatchdogReported():
            return overdue.build(watch, states.rules.watch, event)
        case WorkerStopped():
            return _cleared(watch, Alert.SHA_UNEXPECTED, str(event.worker_id), "it stopped")
        case SchedulerStarted():
            return _cleared(watch, Alert.SCHEDULER_SILENT, overdue.SCHEDULER, "a slot started")
        case FetchCompleted():
            return _cleared(watch, Alert.FETCH_UNFINISHED, str(event.run_id), "the run ended")
        case ProfileRead():
            return _cleared(watch, Alert.PROFILE_UNREAD, overdue.PROFILE, "it was read")
        case PermitRejected(reason_code=ReasonCode.INVALID_PIPELINE_SOURCE):
            return _new(watch, [_foreign(event)])
        case GhostDetected():
            return _new(watch, [_ghost(event)])
        case GhostAcknowledged() | ManualPostAttested():
            return _cleared(watch, Alert.GHOST, event.posted_id, event.why)
        case MessageParked():
            return _new(watch, [_parked(event)])
        case OrderRequeued() | OrderDropped():
            subject = _parked_at(event.queue, event.order_position)
            return _cleared(watch, Alert.WORK_PARKED, subject, event.why)
        case SiteChallenged():
            return _new(watch, [_challenged(event)])
        case PostingAllowed(source=StopSource.LOGGED):
            return _allowed(watch, event)
        case AlertAcknowledged(alert=Alert.INVALID_PIPELINE_SOURCE):
            return _cleared(watch, event.alert, event.subject, event.why)
        case (
            SettingsChanged()
            | JobDue()
            | WorkerStarted()
            | FetchStarted()
            | PermitRejected()
            | AlertAcknowledged()
            | PostingAllowed()
        ):
            return []


def _looked(states: States, now: datetime) -> list[Says]:
    """Look at the clock: what should have happened by now, and what is over."""
    watch, rules = states.watch, states.rules.watch
    return [*_new(watch, overdue.found(watch, rules, now)), *overdue.over(watch, rules, now)]


def _new(watch: Watch, raised: Sequence[AlertRaised]) -> list[Says]:
    return [one for one in raised if place(one.alert, one.subject) not in watch.alerts]


def _cleared(watch: Watch, alert: Alert, subject: str, why: str) -> list[Says]:
    severity = watch.alerts.get(place(alert, subject))
    if severity is None:
        return []
    return [AlertCleared(alert=alert, subject=subject, severity=severity, why=why)]


def _allowed(watch: Watch, event: PostingAllowed) -> list[Says]:
    alert = Alert.SITE_CHALLENGED
    return [
        over for kind in subjects(watch, alert) for over in _cleared(watch, alert, kind, event.why)
    ]


def _ghost(event: GhostDetected) -> AlertRaised:
    return AlertRaised(
        alert=Alert.GHOST,
        subject=event.posted_id,
        severity=Severity.CRITICAL,
        message=f"{event.posted_id} is on our profile and no used permit explains it",
        data={
            "tweet_id": event.posted_id,
            "detection_time": event.detected_at.isoformat(),
            "url": event.url,
            "missing": ", ".join(event.missing),
        },
    )


def _foreign(event: PermitRejected) -> AlertRaised:
    return AlertRaised(
        alert=Alert.INVALID_PIPELINE_SOURCE,
        subject=str(event.permit_id),
        severity=Severity.CRITICAL,
        message=event.error_message,
        data={
            "permit_id": str(event.permit_id),
            "decision_id": str(event.decision_id),
            "pipeline_source": event.pipeline_source,
            "allowed_sources": ", ".join(event.allowed_sources),
            "reason_code": event.reason_code,
        },
    )


def _parked(event: MessageParked) -> AlertRaised:
    return AlertRaised(
        alert=Alert.WORK_PARKED,
        subject=_parked_at(event.queue, event.order_position),
        severity=Severity.ERROR,
        message=f"an order of {event.queue} failed {event.reads} times and is set aside",
        data={
            "queue": event.queue,
            "message_id": str(event.message_id),
            "order_position": str(event.order_position),
        },
    )


def _challenged(event: SiteChallenged) -> AlertRaised:
    return AlertRaised(
        alert=Alert.SITE_CHALLENGED,
        subject=str(event.kind),
        severity=Severity.ERROR,
        message=f"the site asks for a person ({event.kind}); posting is stopped until one looked",
        data={"kind": str(event.kind), "during": event.during},
    )


def _parked_at(queue: str, position: int) -> str:
    return f"{queue}:{position}"


alert_keeper = Handler(
    name="alert_keeper",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={"rules": rules_in_force, "watch": by_account},
    states=States,
    decide=decide,
    jobs=(Job.WATCHDOG, Job.POST),
)
