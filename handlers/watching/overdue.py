"""Overdue: what should have happened by now, and workers that run another build than expected."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers.watching.watch import Watch, place, subjects
from schema.builds import same_build
from schema.events.alerting import Alert, AlertCleared, AlertRaised
from schema.events.operations import Severity, WatchdogReported
from schema.rules import WatchRules

SCHEDULER = "scheduler"
"""The one subject of the alert about silence."""

PROFILE = "profile"
"""The one subject of the alert about our own profile."""


def found(watch: Watch, rules: WatchRules, now: datetime) -> list[AlertRaised]:
    """Return an alert for whatever is overdue, new or not."""
    silent, unread = _silent(watch, rules, now), _unread(watch, rules, now)
    unfinished = [
        _unfinished(run, now - started_at)
        for run, started_at in watch.fetches.items()
        if now - started_at >= timedelta(seconds=rules.fetch_unfinished_s)
    ]
    return [*(one for one in (silent, unread) if one is not None), *unfinished]


def over(watch: Watch, rules: WatchRules, now: datetime) -> list[AlertCleared]:
    """Clear what is said of workers that were not heard of for long: they are gone."""
    lost_after = timedelta(seconds=rules.report_lost_s)
    heard = {worker for worker, last in watch.workers.items() if now - last.at < lost_after}
    gone = [worker for worker in subjects(watch, Alert.SHA_UNEXPECTED) if worker not in heard]
    return [one for worker in gone for one in _cleared(watch, worker, "it no longer reports")]


def build(
    watch: Watch, rules: WatchRules, event: WatchdogReported
) -> list[AlertRaised | AlertCleared]:
    """Compare the build of a worker that reports with the expected one."""
    expected = rules.expected_sha or watch.newest_sha
    worker = str(event.worker_id)
    if not expected or same_build(event.git_sha, expected):
        return list(_cleared(watch, worker, "it runs the expected build"))
    if place(Alert.SHA_UNEXPECTED, worker) in watch.alerts:
        return []
    return [_unexpected(worker, event.git_sha, expected)]


def _silent(watch: Watch, rules: WatchRules, now: datetime) -> AlertRaised | None:
    since = watch.scheduled_at or watch.booted_at
    booting = watch.booted_at is None or now - watch.booted_at < timedelta(
        seconds=rules.boot_grace_s
    )
    if since is None or booting or now - since < timedelta(seconds=rules.scheduler_silent_s):
        return None
    minutes = int((now - since).total_seconds() // 60)
    return AlertRaised(
        alert=Alert.SCHEDULER_SILENT,
        subject=SCHEDULER,
        severity=Severity.ERROR,
        message=f"no scheduler start for {minutes} min",
        data={"last": since.isoformat()},
    )


def _unread(watch: Watch, rules: WatchRules, now: datetime) -> AlertRaised | None:
    """Complain of a profile that nobody has read since; a start counts as a reading."""
    since = max((at for at in (watch.read_at, watch.booted_at) if at is not None), default=None)
    if since is None or now - since < timedelta(seconds=rules.profile_unread_s):
        return None
    minutes = int((now - since).total_seconds() // 60)
    return AlertRaised(
        alert=Alert.PROFILE_UNREAD,
        subject=PROFILE,
        severity=Severity.ERROR,
        message=f"our own profile was not read for {minutes} min: no ghost would be seen",
        data={"last": since.isoformat()},
    )


def _unfinished(run: str, running: timedelta) -> AlertRaised:
    return AlertRaised(
        alert=Alert.FETCH_UNFINISHED,
        subject=run,
        severity=Severity.ERROR,
        message=f"a fetch started {int(running.total_seconds())} s ago and has no end",
        data={"run_id": run},
    )


def _unexpected(worker: str, running: str, expected: str) -> AlertRaised:
    return AlertRaised(
        alert=Alert.SHA_UNEXPECTED,
        subject=worker,
        severity=Severity.ERROR,
        message=f"a worker runs {running}, expected is {expected}",
        data={"worker_id": worker, "running_sha": running, "expected_sha": expected},
    )


def _cleared(watch: Watch, worker: str, why: str) -> list[AlertCleared]:
    severity = watch.alerts.get(place(Alert.SHA_UNEXPECTED, worker))
    if severity is None:
        return []
    return [AlertCleared(alert=Alert.SHA_UNEXPECTED, subject=worker, severity=severity, why=why)]
