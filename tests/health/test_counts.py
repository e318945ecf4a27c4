"""What is counted of queue, ghosts and alerts: what is over is not, and what waits is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from projectors import VIEWS
from schema.contracts import Command, NewEvent
from schema.events.alerting import Alert, AlertAcknowledged, AlertCleared, AlertRaised
from schema.events.base import Event
from schema.events.ghosts import GhostAcknowledged, ManualPostAttested
from schema.events.operations import Severity
from schema.ids import EventId, named
from tests.doubles.story import ACCOUNT, Story
from tests.handlers.facts import queued
from tests.health.http import served
from tests.postgres_fixtures import Database

pytestmark = pytest.mark.postgres

LONG_AGO, FAR_AHEAD = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
BY = {"why": "looked", "by": "me"}


def parked(subject: str) -> AlertRaised:
    return AlertRaised(
        alert=Alert.WORK_PARKED, subject=subject, severity=Severity.ERROR, message="", data={}
    )


def ghost(posted_id: str) -> Event:
    event: Event = Story().haunted(posted_id).event
    return event


async def counts(database: Database, *events: Event) -> dict[tuple[str, ...], Any]:
    """Append these, fold every view, and return what the figures say."""
    async with database.store() as store:
        await store.open_account(ACCOUNT)
        for number, event in enumerate(events):
            new = NewEvent(EventId(named("count", str(number))), event)
            approver = isinstance(event, GhostAcknowledged | ManualPostAttested)
            await store.append(ACCOUNT, [Command((new,))], actor="test", approver=approver)
        for view in VIEWS.values():
            await store.run_projector(view, ACCOUNT)
    async with served(database.reader_url) as server:
        figures = (await server.get("/api/metrics")).json["metrics"]
    return {
        (name.removeprefix("ghostproof_"), *list(one.values())[1:-1]): one["value"]
        for name, values in figures.items()
        for one in values
        if one.get("account") == ACCOUNT
    }


async def test_an_item_that_ran_out_of_time_waits_no_more(database: Database) -> None:
    items = [replace(queued(n), expires_at=FAR_AHEAD) for n in (1, 2)]
    found = await counts(database, *items, replace(queued(3), expires_at=LONG_AGO))
    assert found["queue_items",] == 2


async def test_a_ghost_is_open_until_somebody_answers_for_it(database: Database) -> None:
    answers = (
        GhostAcknowledged(posted_id="c-2", **BY),
        ManualPostAttested(posted_id="c-3", **BY),
    )
    found = await counts(database, *(ghost(f"c-{n}") for n in (1, 2, 3)), *answers)
    states = {labels[1]: count for labels, count in found.items() if labels[0] == "ghosts"}
    assert states == {"open": 1, "acknowledged": 1, "attested": 1}


async def test_an_alert_that_is_over_is_not_active_and_one_that_was_seen_is(
    database: Database,
) -> None:
    found = await counts(
        database,
        *(parked(subject) for subject in ("judge:1", "judge:2", "judge:3")),
        replace(parked("c-1"), alert=Alert.GHOST, severity=Severity.CRITICAL),
        AlertCleared(
            alert=Alert.WORK_PARKED, subject="judge:1", severity=Severity.ERROR, why="mended"
        ),
        AlertAcknowledged(alert=Alert.WORK_PARKED, subject="judge:2", **BY),
    )
    assert found["alerts_active", "error"] == 2
    assert found["alerts_active", "critical"] == 1
    assert found["orders_parked",] == 2
