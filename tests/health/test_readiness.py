"""What makes a worker not ready, and that each reason says what to do."""

from __future__ import annotations

from edge.health.looking import Look
from edge.health.readiness import BEAT_S_MAX, Reason, reasons
from edge.health.vitals import Phase, State, Vitals
from eventstore.vital_signs import Signs
from schema.ids import Account
from tests.doubles.clock import VirtualClock

ME = Account("me")
LAG_MAX = 10


def seen(behind: int = 0) -> Look:
    return Look(Signs({}, {(ME, "approver"): behind}, {}, {}, [], {}))


def working(clock: VirtualClock | None = None) -> Vitals:
    vitals = Vitals(clock or VirtualClock())
    vitals.state = State(Phase.WORKING)
    return vitals


def test_a_working_worker_that_keeps_up_is_ready() -> None:
    assert reasons(working(), seen(LAG_MAX), LAG_MAX) == []


def test_who_has_not_begun_is_not_ready() -> None:
    [reason] = reasons(Vitals(VirtualClock()), seen(), LAG_MAX)
    assert reason == Reason("the worker is starting", "wait")


def test_who_drains_is_not_ready() -> None:
    vitals = working()
    vitals.drain()
    [reason] = reasons(vitals, seen(), LAG_MAX)
    assert reason.reason == "the worker is draining: it was told to end"


def test_a_database_that_is_away_is_named_once() -> None:
    away = Look(None, "no connection to db:5432/log", "check DATABASE_URL")
    assert reasons(working(), away, LAG_MAX) == [Reason(away.wrong, away.remedy)]
    waiting = Vitals(VirtualClock())
    waiting.state = State(Phase.WAITING, away.wrong, away.remedy)
    [reason] = reasons(waiting, away, LAG_MAX)
    assert reason == Reason(f"the worker is waiting: {away.wrong}", away.remedy)


def test_a_rule_that_is_too_far_behind_is_named() -> None:
    [reason] = reasons(working(), seen(LAG_MAX + 1), LAG_MAX)
    assert reason.reason == "approver is 11 events behind the log of me"
    assert reason.remedy


def test_a_loop_that_hangs_is_noticed() -> None:
    clock = VirtualClock()
    vitals = working(clock)
    clock.pass_s(BEAT_S_MAX)
    assert reasons(vitals, seen(), LAG_MAX) == []
    clock.pass_s(1)
    [reason] = reasons(vitals, seen(), LAG_MAX)
    assert reason.reason == "the worker's loop has not come round for 31 s"
    vitals.beat()
    assert reasons(vitals, seen(), LAG_MAX) == []


def test_unsigned_accounts_are_named() -> None:
    vitals = working()
    vitals.unsigned = ("garden", "pond")
    [reason] = reasons(vitals, seen(), LAG_MAX)
    assert "garden, pond" in reason.reason
    assert "ghostproof site sign" in reason.remedy
