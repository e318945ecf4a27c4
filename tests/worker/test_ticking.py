"""Ticking: one due event per account, job and slot, however many clocks tick."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from edge.worker.ticking import Ticker, due, slot_of
from schema.events.operations import Job, JobDue
from schema.ids import Account
from tests.doubles.memory_log import MemoryLog
from tests.handlers.given import ME, NOON
from tests.performers.orders import Bench

CADENCE = {Job.FETCH: 300, Job.POST: 60}


def ticker(bench: Bench, *accounts: Account) -> Ticker:
    return Ticker(bench.store, bench.clock, dict.fromkeys(accounts or (ME,), "UTC"), CADENCE)


def announced(bench: Bench) -> list[tuple[Job, datetime]]:
    return [(event.job, event.slot) for event in bench.said(JobDue)]


@pytest.mark.parametrize("second", [0, 1, 59.999])
def test_a_slot_begins_at_a_whole_multiple_of_its_cadence(second: float) -> None:
    now = datetime.fromtimestamp(NOON.timestamp() + second, UTC)
    assert slot_of(now, 60) == NOON


def test_a_slots_event_is_always_the_same() -> None:
    assert due(ME, Job.FETCH, NOON) == due(ME, Job.FETCH, NOON)
    others = {
        due(account, job, slot).event_id
        for account in (ME, Account("you"))
        for job in (Job.FETCH, Job.POST)
        for slot in (NOON, slot_of(NOON, 7))
    }
    assert len(others) == 8


async def test_every_job_is_announced_with_the_first_tick(bench: Bench) -> None:
    await ticker(bench).tick()
    assert announced(bench) == [(Job.FETCH, NOON), (Job.POST, NOON)]


async def test_a_slot_is_announced_once(bench: Bench) -> None:
    one = ticker(bench)
    for _ in range(3):
        await one.tick()
        bench.clock.pass_s(19)
    assert len(announced(bench)) == 2


async def test_two_tickers_never_double_a_slot(bench: Bench) -> None:
    one, other = ticker(bench), ticker(bench)
    for _ in range(10):
        await one.tick()
        await other.tick()
        bench.clock.pass_s(30)
    assert len(announced(bench)) == len(set(announced(bench))) == 5 + 1


async def test_after_a_pause_only_the_present_slot_is_due(bench: Bench) -> None:
    one = ticker(bench)
    await one.tick()
    bench.clock.pass_s(3600)
    await one.tick()
    assert len(announced(bench)) == 4


async def test_each_account_has_slots_of_its_own(bench: Bench) -> None:
    other = Account("you")
    bench.store.logs[other] = MemoryLog(other)
    await ticker(bench, ME, other).tick()
    assert len(bench.store.logs[other].rows) == len(announced(bench)) == 2


# ---- local time


async def test_the_accounts_local_time_goes_along(bench: Bench) -> None:
    await Ticker(bench.store, bench.clock, {ME: "Asia/Kolkata"}, CADENCE).tick()
    assert {event.utc_offset_min for event in bench.said(JobDue)} == {5 * 60 + 30}


@pytest.mark.parametrize(
    ("at", "offset_min"),
    [
        ("2026-03-29T00:59:00+00:00", 60),
        ("2026-03-29T01:00:00+00:00", 120),  # 02:00 to 03:00 is no local time of that night
        ("2026-10-25T00:30:00+00:00", 120),  # the first 02:30
        ("2026-10-25T01:30:00+00:00", 60),  # the second
    ],
)
def test_a_slot_knows_whether_clocks_were_put_on_or_back(at: str, offset_min: int) -> None:
    event = due(ME, Job.POST, datetime.fromisoformat(at), "Europe/Berlin").event
    assert isinstance(event, JobDue)
    assert event.utc_offset_min == offset_min
