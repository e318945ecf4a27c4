"""Bugs in what is watched: alerts that are missed, repeated, or never cleared."""

from __future__ import annotations

from tests.simulation.mutants.mutant import one

KEEPER = "handlers/watching/alert_keeper.py"
OVERDUE = "handlers/watching/overdue.py"
WATCH = "handlers/watching/watch.py"
SENDER = "edge/performers/alert.py"
TESTS = ("tests/handlers/test_alert_keeper.py",)

MUTANTS = (
    one(
        "an alert is raised at every look",
        KEEPER,
        "if place(one.alert, one.subject) not in watch.alerts]",
        "]",
        tests=TESTS,
    ),
    one(
        "a seen ghost alerts no more",
        KEEPER,
        "case AlertAcknowledged(alert=Alert.INVALID_PIPELINE_SOURCE):",
        "case AlertAcknowledged():",
        tests=TESTS,
    ),
    one(
        "every refusal is critical",
        KEEPER,
        "case PermitRejected(reason_code=ReasonCode.INVALID_PIPELINE_SOURCE):",
        "case PermitRejected():",
        tests=TESTS,
    ),
    one(
        "an alert carries a stranger's words",
        KEEPER,
        '"url": event.url,',
        '"url": event.text,',
        tests=TESTS,
    ),
    one(
        "a ghost is only a warning",
        KEEPER,
        'severity=Severity.CRITICAL,\n        message=f"{event.posted_id}',
        'severity=Severity.WARNING,\n        message=f"{event.posted_id}',
        tests=TESTS,
    ),
    one(
        "parked orders of one queue are one trouble",
        KEEPER,
        'return f"{queue}:{position}"',
        "return queue",
        tests=TESTS,
    ),
    one(
        "a dropped order's alert stands",
        KEEPER,
        "case OrderRequeued() | OrderDropped():",
        "case OrderDropped():\n            return []\n        case OrderRequeued():",
        tests=TESTS,
    ),
    one(
        "a started slot does not end the silence",
        KEEPER,
        "_cleared(watch, Alert.SCHEDULER_SILENT,",
        "_cleared(watch, Alert.GHOST,",
        tests=TESTS,
    ),
    one(
        "an ended fetch is still complained of",
        KEEPER,
        "_cleared(watch, Alert.FETCH_UNFINISHED,",
        "_cleared(watch, Alert.GHOST,",
        tests=TESTS,
    ),
    one(
        "a stopped worker still runs the wrong build",
        KEEPER,
        "_cleared(watch, Alert.SHA_UNEXPECTED,",
        "_cleared(watch, Alert.GHOST,",
        tests=TESTS,
    ),
    one(
        "a fetch may take for ever",
        OVERDUE,
        "if now - started_at >= timedelta(seconds=rules.fetch_unfinished_s)",
        "if False",
        tests=TESTS,
    ),
    one(
        "a fetch that began is late at once",
        OVERDUE,
        "if now - started_at >= timedelta(seconds=rules.fetch_unfinished_s)",
        "if True",
        tests=TESTS,
    ),
    one(
        "silence a minute too early",
        OVERDUE,
        "timedelta(seconds=rules.scheduler_silent_s)",
        "timedelta(seconds=rules.scheduler_silent_s - 60)",
        tests=TESTS,
    ),
    one(
        "a worker that boots is complained of",
        OVERDUE,
        "if since is None or booting or",
        "if since is None or",
        tests=TESTS,
    ),
    one(
        "a lost worker is complained of for ever",
        OVERDUE,
        "if worker not in heard]",
        "if False]",
        tests=TESTS,
    ),
    one(
        "a short name of a commit matches any that begins so",
        OVERDUE,
        "same_build(event.git_sha, expected)",
        "event.git_sha.startswith(expected)",
        tests=TESTS,
    ),
    one(
        "history is sent as news",
        SENDER,
        "if late >= HISTORY_AFTER:",
        "if False:",
        tests=("tests/performers/test_alert.py",),
    ),
    one(
        "any build is the expected one",
        OVERDUE,
        "same_build(event.git_sha, expected)",
        "event.git_sha",
        tests=TESTS,
    ),
    one(
        "the expected build is always the newest",
        OVERDUE,
        "rules.expected_sha or watch.newest_sha",
        "watch.newest_sha",
        tests=TESTS,
    ),
    one(
        "a cleared alert cannot come again",
        WATCH,
        "return replace(watch, alerts=without(watch.alerts, gone))",
        "return watch",
        tests=TESTS,
    ),
    one(
        "a slot does not count as a sign",
        WATCH,
        "return replace(watch, scheduled_at=recorded.at)",
        "return watch",
        tests=TESTS,
    ),
    one(
        "an ended fetch is remembered",
        WATCH,
        "fetches=without(watch.fetches, str(event.run_id))",
        "fetches=watch.fetches",
        tests=TESTS,
    ),
    one(
        "the first build is the newest",
        WATCH,
        "newest_sha=event.git_sha, ",
        "newest_sha=watch.newest_sha or event.git_sha, ",
        tests=TESTS,
    ),
    one(
        "a boot is not noticed",
        WATCH,
        ", booted_at=recorded.at",
        ", booted_at=watch.booted_at or recorded.at",
        tests=TESTS,
    ),
    one(
        "alerts are remembered without bound",
        WATCH,
        "_newest(watch.alerts | here, ALERTS_MAX)",
        "watch.alerts | here",
        tests=TESTS,
    ),
    one(
        "the oldest are remembered",
        WATCH,
        "[-count:]",
        "[:count]",
        tests=TESTS,
    ),
)
