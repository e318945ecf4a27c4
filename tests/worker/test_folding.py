"""Folding: every rule and view reads on, and one that fails holds up no other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from edge.worker.folding import FEW, FORCED_EVERY, Folding
from handlers.deciding.slot_opener import slot_opener
from handlers.finding.screener import screener
from handlers.queueing.queue_keeper import queue_keeper
from projectors.slots import slots
from schema.contracts import BATCH, Handler, Page, Recorded
from schema.errors import DatabaseUnreachable, UnknownEvent
from schema.events.base import Event
from schema.events.blocking import AuthorBlocked
from schema.events.operations import Job
from schema.events.scheduling import SchedulerStarted
from schema.ids import Account
from tests.handlers.facts import due
from tests.handlers.given import ME
from tests.performers.orders import Bench


def failing(states: Any, recorded: Recorded[Any]) -> list[Event]:
    raise ZeroDivisionError("a bug")


BLOCKED = AuthorBlocked(author="troll", why="a test", by="operator")
BROKEN = replace(queue_keeper, decide=failing, jobs=tuple(Job))


async def away(*_given: object, **_named: object) -> int:
    raise DatabaseUnreachable("no connection")


async def rest(folding: Folding) -> None:
    """Go on until nobody has found anything, and nobody need look."""
    while await folding.round():
        pass
    await folding.round()


def watched(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the parts that look, as they look."""
    looked: list[str] = []
    look = bench.store.run_handler

    async def noted(handler: Handler, account: Account) -> int:
        looked.append(handler.name)
        return await look(handler, account)

    monkeypatch.setattr(bench.store, "run_handler", noted)
    return looked


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
    monkeypatch.setattr(bench.store, "run_handler", away)
    bench.say(due(Job.SCHEDULE))
    with pytest.raises(DatabaseUnreachable):
        await Folding(bench.store, [slot_opener], []).round()


async def test_only_those_look_whom_it_may_concern(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = watched(bench, monkeypatch)
    folding = Folding(bench.store, [slot_opener, queue_keeper, screener], [slots])
    await rest(folding)
    looked.clear()
    bench.say(due(Job.LEARN))  # which none of them heeds
    bench.say(due(Job.SCHEDULE))
    await rest(folding)
    assert set(looked) == {"slot_opener"}  # the others heed other jobs
    looked.clear()
    bench.say(BLOCKED)
    await rest(folding)
    assert set(looked) == {"queue_keeper", "screener"}


async def test_after_much_that_is_new_everybody_looks(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = watched(bench, monkeypatch)
    folding = Folding(bench.store, [slot_opener, screener], [])
    await rest(folding)
    looked.clear()
    for _ in range(FEW + 1):
        bench.say(due(Job.POST))
    await rest(folding)
    assert set(looked) == {"slot_opener", "screener"}


async def test_where_the_log_is_shorter_than_it_was_everybody_looks(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was restored from a backup; whoever folded what is gone has to meet it."""

    async def shorter() -> dict[Account, int]:
        return {ME: 0}

    looked = watched(bench, monkeypatch)
    folding = Folding(bench.store, [slot_opener, screener], [])
    bench.say(due(Job.LEARN))
    await rest(folding)
    looked.clear()
    monkeypatch.setattr(bench.store, "heads", shorter)
    await folding.round()
    assert looked == ["slot_opener", "screener"]


async def test_a_store_that_goes_away_in_between_hides_nothing(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    folding = Folding(bench.store, [slot_opener], [])
    await rest(folding)
    bench.say(due(Job.SCHEDULE))
    with monkeypatch.context() as hurt:
        hurt.setattr(bench.store, "types", away)
        with pytest.raises(DatabaseUnreachable):
            await folding.round()
    await rest(folding)
    assert len(bench.said(SchedulerStarted)) == 1


async def test_where_a_due_job_cannot_be_read_everybody_looks(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown(*_given: object, **_named: object) -> Page:
        raise UnknownEvent("a job of a newer build")

    looked = watched(bench, monkeypatch)
    folding = Folding(bench.store, [slot_opener, screener], [])
    await rest(folding)
    looked.clear()
    bench.say(due(Job.LEARN))
    monkeypatch.setattr(bench.store, "read", unknown)
    await folding.round()
    assert looked == ["slot_opener", "screener"]


async def test_who_comes_to_the_end_looks_no_more(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = watched(bench, monkeypatch)
    folding = Folding(bench.store, [screener], [])
    await rest(folding)
    looked.clear()
    bench.say(BLOCKED)
    await rest(folding)
    assert looked == ["screener"]


async def test_who_has_a_full_batch_goes_on(bench: Bench) -> None:
    folding = Folding(bench.store, [screener], [])
    for _ in range(BATCH + 1):
        bench.say(BLOCKED)
    assert await folding.round() == BATCH
    assert await folding.round() == 1


async def test_who_finds_another_worker_at_it_looks_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def held(*_given: object, **_named: object) -> None:
        """Another worker holds the checkpoint, and dies before it commits."""

    folding = Folding(bench.store, [slot_opener], [])
    await rest(folding)
    bench.say(due(Job.SCHEDULE))
    with monkeypatch.context() as hurt:
        hurt.setattr(bench.store, "run_handler", held)
        assert await folding.round() == 0
    await folding.round()
    assert len(bench.said(SchedulerStarted)) == 1


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
