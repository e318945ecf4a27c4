"""The alert keeper: raised once, cleared when over, and the whole list of what is watched."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.watching.alert_keeper import alert_keeper
from handlers.watching.watch import ALERTS_MAX, FETCHES_MAX, WORKERS_MAX
from schema.events.alerting import Alert, AlertAcknowledged, AlertCleared, AlertRaised
from schema.events.base import Event
from schema.events.challenging import ChallengeKind, SiteChallenged
from schema.events.fetching import FetchCompleted, FetchStarted, Trigger
from schema.events.ghosts import (
    GhostAcknowledged,
    GhostDetected,
    ManualPostAttested,
    ProfileRead,
    ProfileReadFailed,
)
from schema.events.operations import (
    Job,
    MessageParked,
    Severity,
    StopSource,
    WatchdogReported,
    WorkerStarted,
    WorkerStopped,
)
from schema.events.ordering import OrderDropped, OrderRequeued
from schema.events.permitting import ReasonCode
from schema.ids import ReadingId, RunId, named
from schema.rules import WatchRules
from tests.handlers.facts import allowed, due, minutes, refused, rules, seconds, slot_opened
from tests.handlers.given import NOON, NOTHING, Scene

LOOK = due(Job.POST)


def fetch(n: int = 1) -> FetchStarted:
    run = RunId(named("fetch", str(n)))
    return FetchStarted(run_id=run, trigger=Trigger.DUE, plan=(), deadline_s=230)


def fetched(n: int = 1) -> FetchCompleted:
    run = RunId(named("fetch", str(n)))
    return FetchCompleted(run_id=run, ok=False, seen=0, new=0, elapsed_ms=1)


def booted(sha: str = "new", worker: str = "w1") -> WorkerStarted:
    return WorkerStarted(
        worker_id=named(worker),
        git_sha=sha,
        version="1",
        host="here",
        pid=1,
        roles=(),
        settings_hash="",
    )


def reports(sha: str, worker: str = "w1") -> WatchdogReported:
    return WatchdogReported(
        worker_id=named(worker), git_sha=sha, log_position=1, lag={}, backlog={}, queue_size=0
    )


def ghost(n: int = 1) -> GhostDetected:
    return GhostDetected(
        reading_id=ReadingId(named("reading")),
        posted_id=f"h{n}",
        url="http://site/h1",
        text="a stranger's words",
        posted_at=None,
        detected_at=NOON,
        target_post_id=None,
        missing=("permit",),
    )


PARKED = MessageParked(queue="judge", message_id=7, order_position=3, reads=6, last_error="")
REQUEUED = OrderRequeued(queue="judge", order_position=3, why="mended", by="me")
FOREIGN = refused(1, ReasonCode.INVALID_PIPELINE_SOURCE)
CHALLENGED = SiteChallenged(kind=ChallengeKind.LOG_IN, during="fetch", detail="a page's words")
READ = ProfileRead(reading_id=ReadingId(named("reading")), posts=(), complete=True)
UNREAD = ProfileReadFailed(reading_id=READ.reading_id, reason="the page has changed")
PERMIT = str(FOREIGN.permit_id)
RUN = str(fetch().run_id)


def seen(alert: Alert, subject: str) -> AlertAcknowledged:
    return AlertAcknowledged(alert=alert, subject=subject, why="seen", by="me")


def told(said: list[Event]) -> list[tuple[Any, ...]]:
    return [(type(one), one.alert, one.subject, one.severity) for one in said]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("facts", "now", "alert", "subject", "severity"),
    [
        ([slot_opened(), minutes(30)], LOOK, Alert.SCHEDULER_SILENT, "scheduler", "error"),
        ([fetch(), minutes(5)], LOOK, Alert.FETCH_UNFINISHED, RUN, "error"),
        ([fetch(), minutes(5)], due(Job.WATCHDOG), Alert.FETCH_UNFINISHED, RUN, "error"),
        (
            [booted("new", "w2")],
            reports("old"),
            Alert.SHA_UNEXPECTED,
            str(named("w1")),
            "error",
        ),
        ([READ, minutes(120)], LOOK, Alert.PROFILE_UNREAD, "profile", "error"),
        ([minutes(110)], LOOK, Alert.PROFILE_UNREAD, "profile", "error"),
        ([], FOREIGN, Alert.INVALID_PIPELINE_SOURCE, PERMIT, "critical"),
        ([], ghost(), Alert.GHOST, "h1", "critical"),
        ([], PARKED, Alert.WORK_PARKED, "judge:3", "error"),
        ([], CHALLENGED, Alert.SITE_CHALLENGED, "log_in", "error"),
    ],
)
def test_each_trouble_of_the_list_is_raised_and_only_once(
    facts: list[Any], now: Event, alert: Alert, subject: str, severity: str
) -> None:
    scene = Scene(alert_keeper, booted(), minutes(10), *facts)
    if alert is not Alert.SCHEDULER_SILENT:
        scene.given(slot_opened())
    assert told(scene.when(now)) == [(AlertRaised, alert, subject, Severity(severity))]
    assert scene.when(now) == NOTHING


@pytest.mark.parametrize(
    ("facts", "raises", "end", "alert"),
    [
        ([slot_opened(), minutes(30)], LOOK, slot_opened(), Alert.SCHEDULER_SILENT),
        ([fetch(), minutes(5)], LOOK, fetched(), Alert.FETCH_UNFINISHED),
        ([READ, minutes(120)], LOOK, READ, Alert.PROFILE_UNREAD),
        ([booted("new", "w2")], reports("old"), reports("new"), Alert.SHA_UNEXPECTED),
        (
            [booted("new", "w2")],
            reports("old"),
            WorkerStopped(worker_id=named("w1"), reason="drained"),
            Alert.SHA_UNEXPECTED,
        ),
        ([], FOREIGN, seen(Alert.INVALID_PIPELINE_SOURCE, PERMIT), Alert.INVALID_PIPELINE_SOURCE),
        ([], ghost(), GhostAcknowledged(posted_id="h1", why="mine", by="me"), Alert.GHOST),
        ([], ghost(), ManualPostAttested(posted_id="h1", why="mine", by="me"), Alert.GHOST),
        ([], PARKED, REQUEUED, Alert.WORK_PARKED),
        ([], CHALLENGED, allowed(), Alert.SITE_CHALLENGED),
        (
            [],
            PARKED,
            OrderDropped(queue="judge", order_position=3, why="old", by="me"),
            Alert.WORK_PARKED,
        ),
    ],
)
def test_it_is_cleared_when_it_is_over_and_can_come_again(
    facts: list[Any], raises: Event, end: Event, alert: Alert
) -> None:
    scene = Scene(alert_keeper, booted(), minutes(10), *facts)
    if alert is not Alert.SCHEDULER_SILENT:
        scene.given(slot_opened())
    [raised] = scene.when(raises)
    [cleared] = scene.when(end)
    assert isinstance(raised, AlertRaised)
    assert isinstance(cleared, AlertCleared)
    assert (cleared.alert, cleared.subject) == (raised.alert, raised.subject)
    assert scene.when(end) == NOTHING
    if alert not in {Alert.SCHEDULER_SILENT, Alert.FETCH_UNFINISHED, Alert.PROFILE_UNREAD}:
        assert [type(one) for one in scene.when(raises)] == [AlertRaised]


def test_a_ghosts_alert_stands_until_the_ghost_itself_is_answered_for() -> None:
    scene = Scene(alert_keeper)
    assert scene.when(ghost())
    assert scene.when(seen(Alert.GHOST, "h1")) == NOTHING
    assert scene.when(ghost()) == NOTHING


def test_a_challenges_alert_stands_until_a_person_allows_posting_and_quotes_no_page() -> None:
    scene = Scene(alert_keeper)
    [raised] = scene.when(CHALLENGED)
    assert "page's words" not in f"{raised}"
    assert scene.when(allowed(StopSource.FILE)) == NOTHING
    assert scene.when(seen(Alert.SITE_CHALLENGED, "log_in")) == NOTHING
    assert scene.when(CHALLENGED) == NOTHING
    assert [type(one) for one in scene.when(allowed())] == [AlertCleared]


def test_a_ghosts_alert_names_it_and_its_time_and_none_of_its_words() -> None:
    [raised] = Scene(alert_keeper).when(ghost())
    assert isinstance(raised, AlertRaised)
    assert raised.data["tweet_id"] == "h1"
    assert raised.data["detection_time"] == NOON.isoformat()
    assert "stranger" not in f"{raised}"


@pytest.mark.parametrize("code", set(ReasonCode) - {ReasonCode.INVALID_PIPELINE_SOURCE})
def test_the_other_refusals_are_ordinary(code: ReasonCode) -> None:
    assert Scene(alert_keeper).when(refused(1, code)) == NOTHING


def test_a_minute_less_than_the_limit_is_no_silence() -> None:
    scene = Scene(alert_keeper, booted(), slot_opened(), minutes(29))
    assert scene.when(LOOK) == NOTHING


def test_a_fetch_is_complained_of_when_it_is_late_and_not_when_it_has_ended() -> None:
    scene = Scene(alert_keeper, booted(), slot_opened(), fetch(), seconds(299))
    assert scene.when(LOOK) == NOTHING
    assert scene.given(fetched(), minutes(5)).when(LOOK) == NOTHING


def test_a_worker_that_just_booted_may_catch_up_before_anybody_complains() -> None:
    scene = Scene(alert_keeper, booted(), slot_opened(), minutes(600), booted(), minutes(1))
    assert scene.when(LOOK) == NOTHING
    assert told(scene.given(minutes(2)).when(LOOK))[0][1] is Alert.SCHEDULER_SILENT


def test_the_expected_build_is_the_setting_or_else_the_newest() -> None:
    set_one = rules(watch=WatchRules(expected_sha="abcdef0"))
    assert Scene(alert_keeper, set_one, booted("new")).when(reports("abcdef01")) == NOTHING
    assert Scene(alert_keeper, set_one, booted("new")).when(reports("ABCDEF0")) == NOTHING
    assert told(Scene(alert_keeper, set_one, booted("new")).when(reports("new")))
    assert Scene(alert_keeper, booted("old"), booted("new")).when(reports("new")) == NOTHING


@pytest.mark.parametrize("running", ["", "a", "abc", "unknown", "abcdef1234"])
@pytest.mark.parametrize("expected", ["a", "abcdef", "unknow", "abcdef12345678"])
def test_a_name_too_short_to_mean_one_commit_matches_only_itself(
    expected: str, running: str
) -> None:
    set_one = rules(watch=WatchRules(expected_sha=expected))
    said = Scene(alert_keeper, set_one, booted("new")).when(reports(running))
    same = running == expected or (running, expected) == ("abcdef1234", "abcdef12345678")
    assert (said == NOTHING) is same


def test_a_worker_without_a_name_is_not_the_build_that_started_last() -> None:
    [raised] = Scene(alert_keeper, booted("a" * 40)).when(reports(""))
    assert isinstance(raised, AlertRaised)
    assert (raised.alert, raised.data["expected_sha"]) == (Alert.SHA_UNEXPECTED, "a" * 40)


def test_a_killed_worker_of_an_old_build_is_forgotten() -> None:
    scene = Scene(alert_keeper, booted("old"), booted("new", "w2"), slot_opened())
    assert told(scene.when(reports("old")))[0][1] is Alert.SHA_UNEXPECTED
    scene.given(minutes(15), slot_opened())
    assert [type(one) for one in scene.when(LOOK)] == [AlertCleared]


def test_what_is_remembered_is_bounded() -> None:
    scene = Scene(alert_keeper)
    for n in range(600):
        scene.running.remember(scene._recorded(booted("new", f"w{n}")))
        scene.running.remember(scene._recorded(fetch(n)))
        [raised] = Scene(alert_keeper).when(ghost(n))
        scene.running.remember(scene._recorded(raised))
    watch = next(
        state for (name, _), state in scene.running.states.known.items() if name == "watch"
    )
    assert (len(watch.workers), len(watch.fetches)) == (WORKERS_MAX, FETCHES_MAX)
    assert len(watch.alerts) == ALERTS_MAX
    assert str(named("w599")) in watch.workers
    assert f"{Alert.GHOST}:h599" in watch.alerts


@pytest.mark.parametrize(
    ("since", "raised"),
    [
        ([READ, minutes(119)], 0),
        ([READ, minutes(60), UNREAD, minutes(60)], 1),
        ([READ, minutes(60), booted(), minutes(60)], 0),
    ],
    ids=["not yet", "failures are no readings", "a start counts anew"],
)
def test_a_profile_that_nobody_reads_is_complained_of(since: list[Any], raised: int) -> None:
    """Posting needs no profile, so that without a word ghosts would go unseen for days."""
    scene = Scene(alert_keeper, booted(), *since, slot_opened())
    assert [event.alert for event in scene.when(LOOK)] == [Alert.PROFILE_UNREAD] * raised  # type: ignore[attr-defined]
