"""Quiet: what is in its way is named, and a log that is never still is looked at all the same."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from schema.contracts import Page, Recorded
from schema.errors import StoreError
from schema.events.base import Event
from schema.events.ghosts import ProfileReadOrdered
from schema.events.operations import MessageParked, PostingStopped, StopSource
from schema.events.posting import (
    ClickBlocked,
    ClickDeferred,
    ClickNotSent,
    ClickOrdered,
    ClickRejected,
    ClickWithheld,
    DeferReason,
    NotSentReason,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingFailed,
    PostingSuccess,
    Via,
)
from schema.events.scheduling import SchedulerStarted
from schema.ids import ReadingId, SchedulerRunId, named
from tests.doubles.memory_store import MemoryStore
from tests.doubles.story import ACCOUNT, Story
from tests.torture.following import Following
from tests.torture.quiet import Looks, still_open

WITHIN_S = 0.05


@asynccontextmanager
async def child(source: str = "import sys; sys.stdin.read()") -> AsyncIterator[Process]:
    """Run a process that stands for a worker; it ends with the test."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", source, stdin=PIPE)
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


def restart(story: Story) -> None:
    """Let a worker start that sees the file."""
    story.booted()
    story.say(PostingStopped(source=StopSource.FILE, why="", by="worker"))


def slot(story: Story, name: str) -> None:
    """Open a slot and leave it open."""
    run_id = SchedulerRunId(named("slot", name))
    story.say(SchedulerStarted(scheduler_run_id=run_id, slot=story.now, seed=1))


async def looks(story: Story, process: Process, before: int) -> Looks:
    log = Following(story.store, ACCOUNT)
    await log.catch_up()
    return Looks(log, before, process)


async def test_a_log_in_which_all_has_ended_is_quiet() -> None:
    story = Story()
    story.replied("marta")
    before = len(story.rows)
    restart(story)
    async with child() as worker:
        assert (await looks(story, worker, before)).quiet()


async def test_what_is_open_is_named_with_how_often_it_was_in_the_way() -> None:
    story = Story()
    attempt = story.attempted("marta").event
    slot(story, "one")
    before = len(story.rows)
    restart(story)
    async with child() as worker:
        looking = await looks(story, worker, before)
        assert [looking.quiet() for _ in range(3)] == [False] * 3
    assert looking.told() == (
        f"looked 3 times; in the way: attempt under {attempt.permit_id} (3 times), "
        f"slot {named('slot', 'one')} (3 times)"
    )


async def test_slots_that_open_and_close_during_the_quiet_are_not_in_its_way() -> None:
    story = Story()
    restart(story)
    slot(story, "two")
    async with child() as worker:
        looking = await looks(story, worker, 0)
        assert looking.quiet()
    assert still_open(looking.log) == [f"slot {named('slot', 'two')}"]


async def test_decisions_permits_and_readings_that_wait_are_not_in_its_way() -> None:
    story = Story()
    story.healthy()
    reading_id = ReadingId(named("reading"))
    story.say(ProfileReadOrdered(reading_id=reading_id, back_to=None, limit=60))
    before = len(story.rows)
    restart(story)
    async with child() as worker:
        assert (await looks(story, worker, before)).quiet()


def ordered(story: Story, permit: Recorded[Any]) -> Recorded[Any]:
    """Order the click under a permit."""
    event = ClickOrdered(
        **story.ids,
        approval=permit.event_id,
        text="a reply",
        text_hash="0" * 64,
        target_url=None,
        target_author=None,
    )
    return story.say(event)


async def open_in(story: Story) -> list[str]:
    log = Following(story.store, ACCOUNT)
    await log.catch_up()
    return still_open(log)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ClickDeferred, {"reason": DeferReason.RATE_LIMITED, "detail": ""}),
        (ClickBlocked, {"code": "GP021", "reason": "expired"}),
        (ClickWithheld, {"mode": "shadow"}),
        (PostingFailed, {"reason": "no form", "tries": 3}),
    ],
)
async def test_an_order_is_open_until_it_ends_and_again_when_it_comes_again(
    kind: type[Event], said: dict[str, Any]
) -> None:
    story = Story()
    permit = story.permitted("marta")
    order = ordered(story, permit)
    assert await open_in(story) == [f"order {order.position}"]
    story.say(kind(**story.ids, **said))
    assert await open_in(story) == []
    again = ordered(story, permit)
    assert await open_in(story) == [f"order {again.position}"]


OUTCOMES: dict[type[Event], dict[str, Any]] = {
    PostingSuccess: {
        "posted_id": "c-1",
        "url": "u",
        "via": Via.RESPONSE,
        "text_hash": "0" * 64,
        "posted_at": None,
    },
    ClickNotSent: {"reason": NotSentReason.GATE},
    ClickRejected: {"code": "spam", "detail": ""},
    OutcomeAbandoned: {"readings": 3, "waited_s": 900},
}


@pytest.mark.parametrize("kind", OUTCOMES)
async def test_an_attempt_is_open_until_its_outcome(kind: type[Event]) -> None:
    story = Story()
    last = story.attempted("marta")
    if kind is OutcomeAbandoned:
        last = story.say(OutcomeUnknown(**story.ids, spends=last.event_id, detail=""))
    assert await open_in(story) == [f"attempt under {last.event.permit_id}"]
    story.say(kind(**story.ids, spends=last.event_id, **OUTCOMES[kind]))
    assert await open_in(story) == []


async def test_an_order_is_open_until_it_is_set_aside() -> None:
    story = Story()
    order = ordered(story, story.permitted("marta"))
    async with child() as worker:
        looking = await looks(story, worker, 0)
        assert still_open(looking.log) == [f"order {order.position}"]
        parked = MessageParked(
            queue="click", message_id=1, order_position=order.position, reads=6, last_error=""
        )
        story.say(parked)
        await looking.log.catch_up()
    assert still_open(looking.log) == []


@pytest.mark.parametrize("said", [[], ["started"], ["stopped"]], ids=str)
async def test_the_absence_of_a_worker_that_knows_is_named(said: list[str]) -> None:
    story = Story()
    if "started" in said:
        story.booted()
    if "stopped" in said:
        story.say(PostingStopped(source=StopSource.FILE, why="", by="the worker before"))
    async with child() as worker:
        looking = await looks(story, worker, 0)
        assert not looking.quiet()
    assert "no worker that knows of the stop (1 times)" in looking.told()


async def test_a_worker_that_ended_is_not_waited_for() -> None:
    async with child("raise SystemExit(3)") as worker:
        await worker.wait()
        looking = await looks(Story(), worker, 0)
        with pytest.raises(AssertionError, match="the worker ended with 3"):
            looking.quiet()


class Busy(MemoryStore):
    """A store to which something was appended whenever anybody reads it."""

    story: Story

    async def read(self, *arguments: Any, **options: Any) -> Page:
        self.story.booted()
        await asyncio.sleep(0)
        return await super().read(*arguments, **options)


async def test_a_log_that_is_never_still_is_looked_at() -> None:
    story = Story()
    busy = Busy(story.store.now)
    busy.logs, busy.story = story.store.logs, story
    log = Following(busy, ACCOUNT)
    await log.until(lambda: len(log.events) > 1, within_s=5, what="two events")


class Shaky(MemoryStore):
    """A store that gives an event at a time, and breaks before each."""

    sound = False

    async def read(self, *arguments: Any, **options: Any) -> Page:
        self.sound = not self.sound
        if self.sound:
            raise StoreError("the connection broke", remedy="try again")
        return await super().read(*arguments, **(options | {"limit": 1}))

    async def wait(self, *, timeout_s: float) -> None:
        """Nothing has to be waited for here."""


async def test_a_log_is_caught_up_with_to_its_end_over_broken_connections() -> None:
    story = Story()
    for _ in range(3):
        story.booted()
    shaky = Shaky(story.store.now)
    shaky.logs = story.store.logs
    log = Following(shaky, ACCOUNT)
    await log.catch_up()
    assert log.events == story.rows


class Away(MemoryStore):
    """A store that cannot be read."""

    async def read(self, *_: Any, **__: Any) -> Page:
        raise StoreError("the database is away", remedy="wait")


async def test_a_log_that_cannot_be_read_is_said_so() -> None:
    log = Following(Away(), ACCOUNT)
    with pytest.raises(AssertionError, match=r"not readable: .*the database is away"):
        await log.until(lambda: False, within_s=WITHIN_S, what="anything")
