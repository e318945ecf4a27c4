"""Workers: the parts of one over a store in memory, and loops that tests move by hand."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from edge.performers.contract import Order, Performer, World
from edge.worker.accounts import Build
from edge.worker.stops import StopWatch
from edge.worker.worker import Worker
from schema.contracts import Command
from schema.events.fetching import FetchStarted, Trigger
from schema.events.operations import Job
from schema.ids import RunId, named
from tests.performers.orders import Bench

BUILD = Build(
    worker_id=named("worker"), git_sha="abc", version="1", host="here", pid=1, roles=("all",)
)
CADENCE = dict.fromkeys(Job, 300)
TURNS = 200
"""How often everybody may run before a test takes stock; far more than anything needs."""


class Obedient:
    """A performer of fetches that does what the test says, and counts."""

    queue = "fetch"
    lease_s = 30

    def __init__(self, does: Exception | asyncio.Event | Sequence[Command] = ()) -> None:
        self.does = does
        self.begun = 0
        self.done = 0

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        self.begun += 1
        if isinstance(self.does, Exception):
            raise self.does
        if isinstance(self.does, asyncio.Event):
            await self.does.wait()
            self.does = ()
        self.done += 1
        return self.does


def order_fetch(bench: Bench) -> None:
    run_id = RunId(named("fetch", str(len(bench.log.rows))))
    bench.say(FetchStarted(run_id=run_id, trigger=Trigger.DUE, plan=(), deadline_s=230))


def worker(bench: Bench, folder: Path, *performers: Performer, **changes: Any) -> Worker:
    watch = StopWatch(
        bench.store, flag=False, file=folder / "stop-posting", worker_id=BUILD.worker_id
    )
    whole = Worker(bench.world, BUILD, performers, CADENCE, watch)
    return replace(whole, **changes)


async def turns() -> None:
    """Let everybody who can run do so."""
    for _ in range(TURNS):
        await asyncio.sleep(0)
