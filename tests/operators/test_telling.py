"""What is recorded is told once: whoever recorded it, and however many workers there are."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from edge.worker.telling import Telling
from eventstore.store import PostgresStore
from schema.contracts import Command, NewEvent
from schema.events.base import Event
from schema.events.learning import MetricsPassClosed
from schema.events.operations import PayloadErased
from schema.ids import EventId, named
from tests.handlers.facts import accepted, decided, drafted
from tests.postgres_fixtures import ME
from tests.store.chains import Chain, given


async def say(store: PostgresStore, *events: Event) -> None:
    size = (await store.heads())[ME]
    news = [
        NewEvent(EventId(named("told", str(size + n))), event) for n, event in enumerate(events)
    ]
    await store.append(ME, [Command(tuple(news))], actor="test")


def found(count: int) -> MetricsPassClosed:
    return MetricsPassClosed(found=count, ordered=0)


ROUNDS = 10
"""More than any of these tests needs; who tells the same again and again would go on for ever."""


class Console(list[str]):
    """Where tellers tell; the lines so far."""

    def teller(self, store: PostgresStore) -> Telling:
        return Telling(store, [ME], lambda line, _: self.append(line.text))

    async def hear(self, *tellers: Telling) -> list[str]:
        """Let all tell at the same time until nobody has anything to say; returns what is new."""
        before = len(self)
        for _ in range(ROUNDS):
            if not any(await asyncio.gather(*(teller.round() for teller in tellers))):
                return self[before:]
        raise AssertionError(f"there is no end of it: {self[before:][:3]} …")


@pytest.fixture
def console() -> Console:
    return Console()


async def test_what_was_there_before_is_left_alone(store: PostgresStore, console: Console) -> None:
    await say(store, found(1))
    teller = console.teller(store)
    await teller.begin()
    await say(store, found(2))
    assert await console.hear(teller) == ["[ANALYTICS_COLLECTOR] 📋 Found 2 posts needing metrics"]
    assert await console.hear(teller) == []


async def test_a_worker_that_comes_later_goes_on_where_another_ended(
    store: PostgresStore, console: Console
) -> None:
    await console.teller(store).begin()
    await say(store, found(1))
    assert len(await console.hear(console.teller(store))) == 1
    assert await console.hear(console.teller(store)) == []


async def test_workers_side_by_side_tell_each_event_once(
    store: PostgresStore, console: Console
) -> None:
    tellers = [console.teller(store) for _ in range(3)]
    for teller in tellers:
        await teller.begin()
    await say(store, *(found(count) for count in range(450)))
    lines = await console.hear(*tellers)
    assert sorted(lines) == sorted(
        f"[ANALYTICS_COLLECTOR] 📋 Found {count} posts needing metrics" for count in range(450)
    )


async def test_without_a_shared_place_each_would_tell_everything(
    store: PostgresStore, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def alone(consumer: str, account: Any, types: Any) -> Any:
        del consumer
        return (await store.read(account, types=types)).events

    monkeypatch.setattr(store, "read_on", alone)
    await say(store, found(1))
    for _ in range(2):
        await console.teller(store).round()
    assert len(console) == 2


async def test_an_accepted_draft_is_told_with_its_slot(
    store: PostgresStore, console: Console
) -> None:
    teller = console.teller(store)
    await teller.begin()
    await given(store, Chain().created())
    await say(store, decided(), drafted())
    await say(store, accepted())
    lines = await console.hear(teller)
    assert lines[-1] == (
        f"[REPLY_JOB] ✅ Real LLM reply queued decision_id={decided().decision_id}"
        " scheduled_at=2026-01-31T12:00:00+00:00"
    )


async def test_what_was_erased_meanwhile_is_passed_over(
    store: PostgresStore, console: Console
) -> None:
    teller = console.teller(store)
    await teller.begin()
    await say(store, found(1))
    await erase(store, 0)
    assert await console.hear(teller) == []


async def test_a_draft_whose_decision_was_erased_is_told_without_its_slot(
    store: PostgresStore, console: Console
) -> None:
    teller = console.teller(store)
    await teller.begin()
    await say(store, decided(), accepted())
    await erase(store, 0)
    assert (await console.hear(teller))[-1].endswith("scheduled_at=")


async def erase(store: PostgresStore, position: int) -> None:
    """Empty the body at a position, and have the log say so."""
    erased = PayloadErased(position=position, why="asked for", by="me")
    new = NewEvent(EventId(named("erasing", str(position))), erased)
    await store.append(ME, [Command((new,))], actor="test", approver=True)
    assert await store.erase(ME, position)
