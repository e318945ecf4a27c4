"""Folding: every rule and view reads on, and one that fails holds up no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from edge.worker.folding import FORCED_EVERY, Folding
from handlers.queue_keeper import queue_keeper
from handlers.slot_opener import slot_opener
from projectors.slots import slots
from schema.contracts import Recorded
from schema.errors import DatabaseUnreachable
from schema.events.base import Event
from schema.events.operations import Job
from schema.events.scheduling import SchedulerStarted
from tests.handlers.facts import due
from tests.handlers.given import ME
from tests.performers.orders import Bench


def failing(states: Any, recorded: Recorded[Any]) -> list[Event]:
    raise ZeroDivisionError("a bug")


BROKEN = replace(queue_keeper, decide=failing, jobs=tuple(Job))


async def test_handlers_and_views_catch_up_and_then_rest(bench: Bench) -> None:
    folding = Folding(bench.store, [slot_opener], [slots])
    bench.say(due(Job.SCHEDULE))
    while await folding.round():
        pass
    assert len(bench.said(SchedulerStarted)) == 1
    assert len(await bench.store.view_rows(slots, ME)) == 1
    assert await folding.round() == 0


async def test_a_rule_that_fails_is_named_and_the_others_go_on(bench: Bench) -> None:
    folding = Folding(bench.store, [BROKEN, slot_opener], [])
    bench.say(due(Job.SCHEDULE))
    await folding.round()
    assert len(bench.said(SchedulerStarted)) == 1
    assert folding.failed == {f"queue_keeper of {ME}": "ZeroDivisionError: a bug"}


async def test_a_store_that_is_away_is_the_loops_business(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_given: object) -> int:
        raise DatabaseUnreachable("no connection")

    monkeypatch.setattr(bench.store, "run_handler", away)
    bench.say(due(Job.SCHEDULE))
    with pytest.raises(DatabaseUnreachable):
        await Folding(bench.store, [slot_opener], []).round()


async def test_now_and_then_everybody_looks_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    folding = Folding(bench.store, [slot_opener], [])
    bench.say(due(Job.POST))
    while await folding.round():
        pass
    await folding.round()
    looked: list[str] = []

    async def look(handler: Any, *_given: object) -> int:
        looked.append(handler.name)
        return 0

    monkeypatch.setattr(bench.store, "run_handler", look)
    for _ in range(FORCED_EVERY):
        await folding.round()
    assert looked == ["slot_opener"]
