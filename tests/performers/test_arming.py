"""Arming: only an acknowledged attempt leads to a press; every other ends, or comes again."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from edge.performers.arming import LOOK_AGAIN_AFTER_S
from edge.performers.outcomes import attempt_id_of, not_sent
from edge.performers.overtaken import is_overtaken
from schema.contracts import Command, NewEvent, Verdict
from schema.errors import DatabaseUnreachable, StoreError
from schema.events.base import permit_ids
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickDeferred,
    ClickNotSent,
    ClickOrdered,
    DeferReason,
    NotSentReason,
    OutcomeUnknown,
)
from schema.ids import named
from schema.rules import Rules, ScheduleRules
from tests.handlers.facts import stopped
from tests.handlers.given import ME
from tests.performers.clicks import CLICK, OUTCOMES, outcome
from tests.performers.orders import Bench

# ---- arming


async def test_an_order_that_meets_quiet_hours_is_put_off(bench: Bench) -> None:
    night = ScheduleRules(quiet_from="20:45", quiet_until="07:00", time_zone="Asia/Tokyo")
    bench.rules[ME] = Rules(handle="me", schedule=night)  # it is 21:00 there
    bench.order_click()
    [deferred] = await bench.perform(CLICK)
    assert isinstance(deferred, ClickDeferred)
    assert deferred.reason is DeferReason.QUIET_HOURS
    assert deferred.detail == "quiet hours 20:45-07:00 Asia/Tokyo"
    assert bench.said(ClickAttempt) == []
    assert bench.site.pressed == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("GP013", DeferReason.SUPERSEDED),
        ("GP020", DeferReason.POSTING_STOPPED),
        ("GP021", DeferReason.SUPERSEDED),
        ("GP023", DeferReason.RATE_LIMITED),
    ],
)
async def test_a_lost_race_defers_the_click(bench: Bench, code: str, reason: DeferReason) -> None:
    bench.order_click()
    bench.store.refused["click_attempt"] = Verdict(code, None, "why")
    [deferred] = await bench.perform(CLICK)
    assert isinstance(deferred, ClickDeferred)
    assert (deferred.reason, deferred.detail) == (reason, f"{code} why")
    assert bench.site.pressed == []


@pytest.mark.parametrize("code", ["GP010", "GP011", "GP012", "GP014", "GP022", "GP024"])
async def test_an_unlawful_attempt_is_blocked(bench: Bench, code: str) -> None:
    bench.order_click()
    bench.store.refused["click_attempt"] = Verdict(code, None, "why")
    [blocked] = await bench.perform(CLICK)
    assert isinstance(blocked, ClickBlocked)
    assert (blocked.code, blocked.reason) == (code, "why")
    assert bench.site.pressed == []


async def test_a_stop_before_the_attempt_defers_by_the_law_itself(bench: Bench) -> None:
    bench.order_click()
    bench.say(stopped())
    [deferred] = await bench.perform(CLICK)
    assert isinstance(deferred, ClickDeferred)
    assert deferred.reason is DeferReason.POSTING_STOPPED


async def test_an_expired_permit_is_not_clicked(bench: Bench) -> None:
    bench.order_click()
    bench.clock.pass_s(1800)
    [deferred] = await bench.perform(CLICK)
    assert isinstance(deferred, ClickDeferred)
    assert bench.site.pressed == []


async def test_an_unacknowledged_attempt_that_stands_is_not_sent(bench: Bench) -> None:
    bench.order_click()
    bench.store.lost_after = "click_attempt"
    assert await bench.perform(CLICK) == []
    assert outcome(bench).reason is NotSentReason.COMMIT_UNKNOWN
    assert bench.site.pressed == []


def blinding(bench: Bench, lookups: int) -> Callable[[str], str]:
    """Let that many lookups fail from the moment on at which the composer is filled."""

    def fill(text: str) -> str:
        bench.store.blind = lookups
        return text

    return fill


async def test_an_unacknowledged_attempt_is_looked_for_until_the_database_is_back(
    bench: Bench,
) -> None:
    bench.order_click()
    bench.store.lost_after = "click_attempt"
    bench.site.spoil = blinding(bench, 3)
    assert await bench.perform(CLICK) == []
    assert bench.clock.slept == [0.5, 1, 2, 5]
    assert outcome(bench).reason is NotSentReason.COMMIT_UNKNOWN


async def test_an_order_whose_attempt_is_not_found_comes_again(bench: Bench) -> None:
    bench.order_click()
    bench.store.lost_before = "click_attempt"
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(CLICK)
    assert bench.site.pressed == []
    assert list(bench.world.spool.kept()) == []
    bench.store.lost_before = ""
    bench.redeliver()
    await bench.perform(CLICK)
    assert len(bench.site.pressed) == 1


async def test_while_the_database_stays_away_the_outcome_is_kept_on_disk(bench: Bench) -> None:
    bench.order_click()
    bench.store.lost_after = "click_attempt"
    bench.site.spoil = blinding(bench, 99)
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(CLICK)
    [(_, account, command)] = bench.world.spool.kept()
    assert account == bench.log.account
    [kept] = command.events
    assert isinstance(kept.event, ClickNotSent)
    assert bench.site.pressed == []


@pytest.mark.parametrize("baseline", [None, "q0"], ids=["the same bytes", "other bytes"])
async def test_an_attempt_in_other_hands_is_left_to_them(
    bench: Bench, baseline: str | None
) -> None:
    order = bench.order_click()

    def meanwhile(text: str) -> str:
        _attempt_elsewhere(bench, order, baseline)
        return text

    bench.site.spoil = meanwhile
    with pytest.raises(StoreError, match="another worker"):
        await bench.perform(CLICK)
    assert bench.site.pressed == []
    assert bench.said(*OUTCOMES) == []
    bench.redeliver()
    await bench.perform(CLICK)
    assert isinstance(outcome(bench), OutcomeUnknown)
    assert bench.site.pressed == []


@pytest.mark.parametrize("lost", [True, False], ids=["lost", "only the acknowledgement"])
async def test_an_attempt_lost_while_another_hand_makes_it_is_theirs(
    bench: Bench, *, lost: bool
) -> None:
    order = bench.order_click()

    def meanwhile(text: str) -> str:
        _attempt_elsewhere(bench, order, None, named("another worker"))
        return text

    bench.site.spoil = meanwhile
    bench.store.lost_before, bench.store.lost_after = ("click_attempt" if lost else "", "")
    with pytest.raises(StoreError, match="another worker"):
        await bench.perform(CLICK)
    assert bench.said(*OUTCOMES) == []
    assert bench.site.pressed == []


@pytest.mark.parametrize(
    ("armed_by", "overtaken"),
    [("this worker", False), ("another worker", True), (None, True)],
)
async def test_what_was_kept_for_an_attempt_is_said_of_no_other(
    bench: Bench, armed_by: str | None, *, overtaken: bool
) -> None:
    order = bench.order_click()
    if armed_by is not None:
        _attempt_elsewhere(bench, order, None, named(armed_by))
    kept = not_sent(order, NotSentReason.COMMIT_UNKNOWN, "the database stayed away")
    command = Command((kept.told_by(named("this worker")).as_new(),))
    assert await is_overtaken(bench.store, ME, command) is overtaken


async def test_what_was_kept_of_one_try_is_not_said_of_the_same_workers_next(
    bench: Bench,
) -> None:
    """Were it armed anew before the spool is empty, "not sent" would be said of a press."""
    bench.order_click()
    bench.store.lost_before = "click_attempt"
    bench.site.spoil = blinding(bench, len(LOOK_AGAIN_AFTER_S))
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(CLICK)
    bench.store.lost_before, bench.site.spoil = "", str
    bench.redeliver()
    with pytest.raises(StoreError, match="kept on disk"):
        await bench.perform(CLICK)
    assert bench.said(ClickAttempt) == []
    [(path, account, command)] = bench.world.spool.kept()
    assert await is_overtaken(bench.store, account, command)
    path.unlink()
    bench.redeliver()
    await bench.perform(CLICK)
    assert len(bench.site.pressed) == 1
    assert bench.said(ClickNotSent) == []


async def test_what_was_kept_of_another_click_keeps_nobody_waiting(bench: Bench) -> None:
    """The sibling of the test above: one file holds up one order."""
    bench.order_click()
    other = not_sent(bench.order_click(2), NotSentReason.COMMIT_UNKNOWN, "away")
    await bench.world.spool.keep(ME, other.as_new())
    await bench.perform(CLICK)
    assert len(bench.site.pressed) == 1
    with pytest.raises(StoreError, match="kept on disk"):
        await bench.perform(CLICK)


def _attempt_elsewhere(
    bench: Bench, order: ClickOrdered, baseline: str | None, worker_id: UUID | None = None
) -> None:
    position = len(bench.log.rows) - 1
    attempt = ClickAttempt(
        **permit_ids(order),
        spends=order.approval,
        target_author=order.target_author,
        text_hash=order.text_hash,
        worker_id=worker_id or bench.world.worker_id,
        baseline=baseline,
    )
    cause = bench.log.rows[position].event_id
    new = NewEvent(attempt_id_of(order), attempt, cause=cause)
    bench.store.append_now(bench.log.account, [Command((new,))], actor="click")
