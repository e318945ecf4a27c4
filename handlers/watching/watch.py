"""What is watched: the last sign of each part of production, and the alerts that stand."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers.entries import without
from handlers.in_force import whole_account
from schema.contracts import Fold, Recorded
from schema.events.alerting import AlertCleared, AlertRaised
from schema.events.fetching import FetchCompleted, FetchStarted
from schema.events.ghosts import ProfileRead
from schema.events.operations import (
    Severity,
    WatchdogReported,
    WorkerStarted,
    WorkerStopped,
)
from schema.events.scheduling import SchedulerStarted

ALERTS_MAX = 500
"""Standing alerts that are remembered; each waits for a person, so more is a flood of one kind."""

WORKERS_MAX = 50
"""Workers that are remembered; a killed one never says that it is gone."""

FETCHES_MAX = 10
"""Runs without an end that are remembered; the fetch planner closes each after some minutes."""


class Reported(msgspec.Struct, frozen=True):
    """The build of one worker, and when it was last heard of."""

    git_sha: str
    at: datetime


class Watch(msgspec.Struct, frozen=True):
    """Alerts by ``alert:subject``, workers by id, runs of the fetch by id with their start."""

    alerts: dict[str, Severity] = {}
    workers: dict[str, Reported] = {}
    fetches: dict[str, datetime] = {}
    newest_sha: str = ""
    booted_at: datetime | None = None
    scheduled_at: datetime | None = None
    read_at: datetime | None = None


def place(alert: str, subject: str) -> str:
    """Return the key of an alert about a subject."""
    return f"{alert}:{subject}"


def subjects(watch: Watch, alert: str) -> list[str]:
    """Return what the standing alerts of one kind are about."""
    start = place(alert, "")
    return [name.removeprefix(start) for name in watch.alerts if name.startswith(start)]


def evolve(watch: Watch, recorded: Recorded[Any]) -> Watch:
    """Follow what is watched."""
    event = recorded.event
    match event:
        case AlertRaised():
            here = {place(event.alert, event.subject): event.severity}
            return replace(watch, alerts=_newest(watch.alerts | here, ALERTS_MAX))
        case AlertCleared():
            gone = place(event.alert, event.subject)
            return replace(watch, alerts=without(watch.alerts, gone))
        case WorkerStarted():
            return replace(_heard(watch, recorded), newest_sha=event.git_sha, booted_at=recorded.at)
        case WatchdogReported():
            return _heard(watch, recorded)
        case WorkerStopped():
            return replace(watch, workers=without(watch.workers, str(event.worker_id)))
        case SchedulerStarted():
            return replace(watch, scheduled_at=recorded.at)
        case ProfileRead():
            return replace(watch, read_at=recorded.at)
        case FetchStarted():
            runs = watch.fetches | {str(event.run_id): recorded.at}
            return replace(watch, fetches=_newest(runs, FETCHES_MAX))
        case FetchCompleted():
            return replace(watch, fetches=without(watch.fetches, str(event.run_id)))
        case _:
            return watch


def _heard(watch: Watch, recorded: Recorded[Any]) -> Watch:
    event: WorkerStarted | WatchdogReported = recorded.event
    worker = str(event.worker_id)
    heard = without(watch.workers, worker) | {worker: Reported(event.git_sha, recorded.at)}
    return replace(watch, workers=_newest(heard, WORKERS_MAX))


def _newest(entries: dict[str, Any], count: int) -> dict[str, Any]:
    """Keep the entries that came last."""
    return dict(list(entries.items())[-count:])


by_account: Fold[Watch] = Fold(state=Watch, initial=Watch(), key=whole_account, evolve=evolve)
