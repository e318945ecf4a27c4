"""Coming up: a worker whose database is away waits for it; what waiting cannot mend ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import structlog

from edge.addresses import kept_address
from edge.database.opening import open_store, refuse_unsafe
from edge.health.opening import Health
from edge.health.vitals import Phase, State, Vitals
from edge.settings.settings import Settings
from edge.tracing.worker import traced
from edge.worker.building import built
from edge.worker.loops import AWAY_S
from edge.worker.telling import Telling
from edge.worker.worker import Worker
from eventstore.store import PostgresStore
from schema.errors import DatabaseUnreachable, LoginRefused

TOLD_EVERY = 12
"""Tries between two lines about the same absence: a line a minute."""

log = structlog.get_logger("worker")


async def work_when_it_can(settings: Settings, health: Health, draining: asyncio.Event) -> None:
    """Open the database, build the worker and let it work until it is told to drain.

    Raises:
        StoreError: the database is there but cannot be used (login refused, schema behind,
            unsafe), or it went away during the drain.
        BadSettings: the settings do not fit the world.
    """

    async def once() -> None:
        await _work(settings, health, draining)

    if settings.database.url is None:  # the embedded server is ours: it is not waited for
        await once()
    else:
        await patiently(once, health.vitals, draining)


async def patiently(
    work: Callable[[], Awaitable[None]],
    vitals: Vitals,
    draining: asyncio.Event,
    waits_s: Sequence[float] = AWAY_S,
) -> None:
    """Try again while the database is away and the work has not begun; the last wait repeats."""
    tries = 0
    while True:
        try:
            return await work()
        except LoginRefused:
            raise
        except DatabaseUnreachable as error:
            if draining.is_set() or vitals.state.phase is Phase.WORKING:
                raise
            vitals.state = State(Phase.WAITING, error.message, error.remedy)
            if tries % TOLD_EVERY == 0:
                log.warning("waiting for the database", error=error.message, remedy=error.remedy)
        wait_s = waits_s[min(tries, len(waits_s) - 1)]
        tries += 1
        with suppress(TimeoutError):
            await asyncio.wait_for(draining.wait(), wait_s)
        if draining.is_set():
            log.info("told to end while the database was away: nothing was begun")
            return None


async def _work(settings: Settings, health: Health, draining: asyncio.Event) -> None:
    await refuse_unsafe(settings.place)
    async with open_store(settings.place) as store, built(settings, store) as worker:
        worker.telling = Telling(store, worker.accounts)
        worker.draining = draining
        watch_over(worker, store, health.vitals)
        with kept_address(settings.data_dir, health.url), traced(worker):
            await worker.run()


def watch_over(worker: Worker, store: PostgresStore, vitals: Vitals) -> None:
    """Let the vitals say what becomes of this worker."""
    vitals.refused = store.refusals
    worker.begun = lambda: _begun(vitals, worker)


def _begun(vitals: Vitals, worker: Worker) -> None:
    rules = worker.world.rules
    vitals.unsigned = tuple(name for name in sorted(rules) if not rules[name].permit.rules_signed)
    if not worker.draining.is_set():
        vitals.state = State(Phase.WORKING)
