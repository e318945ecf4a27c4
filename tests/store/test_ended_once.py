"""A slot, a fetch and its cycle end once: whoever comes later finds them closed, and goes on."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from eventstore.store import PostgresStore
from schema.catalogue import type_of
from schema.contracts import Command, NewEvent
from schema.events.base import Event
from schema.events.fetching import FetchCompleted, FetchStarted, FullCycleCompleted, Trigger
from schema.events.scheduling import SlotClosed, SlotReason
from schema.ids import EventId, RunId, SchedulerRunId, named
from schema.law import ENDS_ONCE
from tests.postgres_fixtures import ME

RUN = RunId(named("run"))
STARTED = FetchStarted(run_id=RUN, trigger=Trigger.DUE, plan=(), deadline_s=230)


def completed(seen: int) -> FetchCompleted:
    return FetchCompleted(run_id=RUN, ok=bool(seen), seen=seen, new=0, elapsed_ms=1)


def cycle(found: int) -> FullCycleCompleted:
    counts = {"found": found, "evaluated": 0, "queued": 0, "unfinished": 0, "queue_size": 0}
    return FullCycleCompleted(run_id=RUN, trigger=Trigger.DUE, ok=True, elapsed_ms=1, **counts)


def closed(queue_size: int) -> SlotClosed:
    return SlotClosed(
        scheduler_run_id=SchedulerRunId(named("slot")),
        slot=datetime(2026, 1, 31, tzinfo=UTC),
        reason=SlotReason.ERROR,
        decision_id=None,
        queue_size=queue_size,
    )


ENDS = {type_of(make(0)): make for make in (completed, cycle, closed)}


def said(name: str, event: Event) -> Command:
    return Command((NewEvent(EventId(named("test", name)), event),))


def test_every_type_that_ends_once_is_tried() -> None:
    assert ENDS.keys() == ENDS_ONCE


@pytest.mark.parametrize("name", ENDS)
async def test_the_second_end_is_refused_by_a_code_of_its_own(
    store: PostgresStore, name: str
) -> None:
    one, two = said("one", ENDS[name](1)), said("two", ENDS[name](2))
    other = said("other", STARTED)
    verdicts = [
        await store.append(ME, [one], actor="a"),
        await store.append(ME, [two, other], actor="b"),
    ]
    assert [[verdict.code for verdict in call] for call in verdicts] == [["ok"], ["GP026", "ok"]]
    page = await store.read(ME)
    assert [recorded.event for recorded in page.events] == [ENDS[name](1), STARTED]


async def test_a_performer_whose_run_was_closed_as_lost_is_done_with_it(
    store: PostgresStore,
) -> None:
    await store.append(ME, [said("started", STARTED)], actor="fetch_planner")
    lease = await store.take("fetch", lease_s=60)
    assert lease is not None
    await store.append(ME, [said("lost", completed(0))], actor="fetch_planner")
    beside = said("beside", cycle(0))
    verdicts = await store.close(lease, [said("late", completed(9)), beside], actor="fetch")
    assert verdicts is not None
    assert [verdict.code for verdict in verdicts] == ["GP026", "ok"]
    assert await store.take("fetch", lease_s=60) is None
    assert (await store.backlog())["fetch"] == 0
