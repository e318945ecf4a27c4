"""Quiet: what is in its way is named, and a log that is never still is looked at all the same."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from schema.contracts import Page
from schema.errors import StoreError
from schema.events.ghosts import ProfileReadOrdered
from schema.events.operations import MessageParked, PostingStopped, StopSource
from schema.events.posting import ClickOrdered
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


async def test_an_order_is_open_until_it_is_set_aside() -> None:
    story = Story()
    permit = story.permitted("marta")
    order = story.say(
        ClickOrdered(
            **story.ids,
            approval=permit.event_id,
            text="a reply",
            text_hash="0" * 64,
            target_url=None,
            target_author=None,
        )
    )
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


class Away(MemoryStore):
    """A store that cannot be read."""

    async def read(self, *_: Any, **__: Any) -> Page:
        raise StoreError("the database is away", remedy="wait")


async def test_a_log_that_cannot_be_read_is_said_so() -> None:
    log = Following(Away(), ACCOUNT)
    with pytest.raises(AssertionError, match=r"not readable: .*the database is away"):
        await log.until(lambda: False, within_s=WITHIN_S, what="anything")
