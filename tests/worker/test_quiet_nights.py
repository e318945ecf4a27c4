"""Quiet nights: clock, ticker and rules together keep an account's hours, also when clocks move."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from edge.clock import SystemClock
from edge.worker.ticking import Ticker
from handlers.deciding.scheduler import scheduler
from handlers.deciding.slot_opener import slot_opener
from schema.events.operations import Job
from schema.events.scheduling import SlotClosed
from schema.rules import Rules, ScheduleRules
from tests.handlers.flow import Flow
from tests.handlers.given import ME

ZONE = "Europe/Berlin"
NIGHT = ScheduleRules(quiet_from="22:30", quiet_until="07:15", time_zone=ZONE)
STEP = timedelta(minutes=15)


class FlowClock(SystemClock):
    """Shows the flow's own time."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow

    def now(self) -> datetime:
        return self._flow.now


async def slots(begin: str, hours: int, zone: str = ZONE) -> list[tuple[time, bool]]:
    """Return each slot's local time and whether it closed as quiet; the ticker knows `zone`."""
    flow = Flow([slot_opener, scheduler])
    flow.now = datetime.fromisoformat(begin)
    flow.put_in_force(Rules(handle="me", schedule=NIGHT))
    ticker = Ticker(flow.store, FlowClock(flow), {ME: zone}, {Job.SCHEDULE: 900})
    for _ in range(hours * 4):
        await ticker.tick()
        flow.settle()
        flow.now += STEP
    closed = [(row.at.astimezone(ZoneInfo(ZONE)).time(), row.event) for row in flow.of(SlotClosed)]
    return [(local, event.detail.startswith("quiet hours")) for local, event in closed]


def are_quiet_at_night(seen: list[tuple[time, bool]]) -> bool:
    return all(quiet == (local >= time(22, 30) or local < time(7, 15)) for local, quiet in seen)


@pytest.mark.parametrize(
    ("begin", "quiet_h"),
    [
        ("2026-03-27T12:00:00+00:00", 8.75),
        ("2026-03-28T12:00:00+00:00", 7.75),  # clocks are put on at 02:00
        ("2026-10-24T12:00:00+00:00", 9.75),  # clocks are put back at 03:00
    ],
)
async def test_every_slot_of_a_night_is_quiet_and_no_other(begin: str, quiet_h: float) -> None:
    seen = await slots(begin, 24)
    assert len(seen) == 96
    assert are_quiet_at_night(seen)
    assert sum(quiet for _, quiet in seen) == quiet_h * 4


async def test_a_ticker_with_another_zone_is_noticed() -> None:
    assert not are_quiet_at_night(await slots("2026-03-27T12:00:00+00:00", 24, "UTC"))
