"""Rounds: each kind of torture on ground of its own, and what is to be true when it is over."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from edge.failpoints import POINTS
from eventstore.store import PostgresStore
from schema.events.posting import ClickAttempt
from tests.torture.browser import kill_browsers
from tests.torture.database import Load, kill, kill_under_load, restart
from tests.torture.databases import migrated, urls
from tests.torture.ground import Ground, laid
from tests.torture.killing import kill_at_all
from tests.torture.pausing import pause, pause_between_look_and_send
from tests.torture.program import gone, running
from tests.torture.quiet import quieten
from tests.torture.racing import race, redeliver
from tests.torture.reporting import Kind
from tests.torture.settings import ME
from tests.torture.truth import faults, figures

NOT_REACHED = "not reached: "

On = Callable[[Ground], Awaitable[Counter[str]]]


async def worker_kills(random: Random, passes: int) -> Kind:
    """Kill at every point in every pass, with quiet and the truth after each pass."""

    async def kills(ground: Ground) -> Counter[str]:
        counted = Counter[str]({"points": len(POINTS), "worker or gate kills": 0})
        for _ in range(passes):
            missed = await kill_at_all(ground, random)
            counted["worker or gate kills"] += len(POINTS) - len(missed)
            counted.update(f"{NOT_REACHED}{point}" for point in missed)
            await quieten(ground)
        return counted

    return await _on_ground("kill -9 at named points", kills, topics=40 + 40 * passes)


async def browser_kills(random: Random, kills: int) -> Kind:
    """Kill browsers under the hand of a worker."""

    async def on(ground: Ground) -> Counter[str]:
        return await kill_browsers(ground, random, kills)

    return await _on_ground("Chromium killed 0-150 ms after the click", on, topics=60 + kills)


async def pauses(random: Random, rounds: int) -> Kind:
    """Freeze a worker at random moments, and once where it must be late."""

    async def on(ground: Ground) -> Counter[str]:
        counted = await pause(ground, random, rounds)
        return counted + await pause_between_look_and_send(ground)

    return await _on_ground("SIGSTOP for longer than the budget", on, topics=60 + 5 * rounds)


async def redeliveries(posts: int) -> Kind:
    """Run two workers on orders that come twice and too early."""

    async def on(ground: Ground) -> Counter[str]:
        return await redeliver(ground, posts)

    return await _on_ground("orders twice and too early", on, topics=60 + 2 * posts)


async def database_under_worker(random: Random, kills: int) -> Kind:
    """Kill PostgreSQL below a working program."""

    async def on(ground: Ground) -> Counter[str]:
        async with running(ground, {}) as process:
            for _ in range(kills):
                await _worked_on(ground, random.randint(0, 40))
                await gone(kill(ground.postgres))
                await restart(ground.postgres)
            assert process.returncode is None, "the worker ended with its database"
        return Counter({"PostgreSQL kills": kills})

    return await _on_ground("PostgreSQL killed under a worker", on, topics=60)


async def database_kills(random: Random, kills: int) -> Kind:
    """Kill PostgreSQL under append load."""
    began = time.monotonic()
    load, counted, wrong = Load(random), Counter[str](), list[str]()
    async with migrated() as postgres, PostgresStore(urls(postgres)[0]) as store:
        await store.open_account(ME)
        try:
            for _ in range(kills):
                counted += await kill_under_load(postgres, store, ME, load)
        except (AssertionError, TimeoutError) as error:
            wrong = [_what(error)]
    counted["acknowledged events"] = len(load.acknowledged)
    wrong += [
        f"{counted[name]} {name}"
        for name in ("acknowledged events lost", "gaps", "faults")
        if counted[name]
    ]
    counted.update({"acknowledged events lost": 0, "gaps": 0})
    return Kind("PostgreSQL killed under load", counted, wrong, time.monotonic() - began)


async def races(permits: int) -> Kind:
    """Let sixteen workers race for each permit."""
    began = time.monotonic()
    async with migrated() as postgres:
        with TemporaryDirectory() as folder:
            counted = await race(urls(postgres), Path(folder), permits)
    wrong = [f"{counted['faults']} races without exactly one winner"] if counted["faults"] else []
    if counted["attempts in the log"] != permits:
        wrong.append(f"{counted['attempts in the log']} attempts for {permits} permits")
    return Kind("sixteen workers for one permit", counted, wrong, time.monotonic() - began)


async def _worked_on(ground: Ground, events: int) -> None:
    """Wait for another attempt, and then for so many more events."""
    await ground.log.catch_up()
    attempts = len(ground.log.of(ClickAttempt))
    await ground.log.until(
        lambda: len(ground.log.of(ClickAttempt)) > attempts, within_s=120, what="a click attempt"
    )
    size = len(ground.log.events) + events
    await ground.log.until(
        lambda: len(ground.log.events) >= size, within_s=90, what="the worker works on"
    )


async def _on_ground(name: str, on: On, *, topics: int) -> Kind:
    """Torture on ground of its own, and keep that ground when anything was wrong."""
    began = time.monotonic()
    async with laid(topics) as ground:
        counted, wrong = Counter[str](), list[str]()
        try:
            counted += await on(ground)
            await quieten(ground)
        except (AssertionError, TimeoutError) as error:
            wrong += [_what(error)]
        wrong += faults(ground)
        wrong += [what for what in counted if what.startswith(NOT_REACHED)]
        ground.kept = bool(wrong)
        wrong += [f"the ground is kept in {ground.folder}"] if wrong else []
        return Kind(name, counted + figures(ground), wrong, time.monotonic() - began)


def _what(error: Exception) -> str:
    return "; ".join([f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())])
