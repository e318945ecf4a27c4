"""The worker itself: every loop of one process, from boot to the end of the drain."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import structlog

import handlers
from edge.failpoints import at
from edge.performers.contract import Performer, World
from edge.worker.accounts import Build, close_accounts, open_accounts
from edge.worker.emptying import empty_spool
from edge.worker.faults import Faults
from edge.worker.folding import Folding
from edge.worker.lateness import Lateness
from edge.worker.loops import POLL_S, Loop, Wakeups
from edge.worker.outdated import Succession
from edge.worker.performing import Performing
from edge.worker.sealing import Sealer
from edge.worker.skew import SkewWatch
from edge.worker.stepping import ClockWatch
from edge.worker.stops import StopWatch
from edge.worker.telling import Telling
from edge.worker.ticking import TICK_S, Ticker
from edge.worker.watching import Watchdog
from edge.worker.witness import Witness
from projectors import VIEWS
from schema.errors import Outdated, StoreError
from schema.events.operations import Job
from schema.ids import SYSTEM, Account

DRAIN_S = 20.0
"""How long a drain may take before tasks are cancelled."""

SIDE_BY_SIDE = {"judge": 4, "draft": 2}
"""Performers of which several may work at once; every other one works alone."""

log = structlog.get_logger("worker")


@dataclass
class Worker:
    """One process of ghostproof. It looks at the clock every `tick_s`, for work every `poll_s`."""

    world: World
    build: Build
    performers: Sequence[Performer]
    cadence: Mapping[Job, int]
    stop_watch: StopWatch
    tick_s: float = TICK_S
    poll_s: float = POLL_S
    lateness: Lateness | None = None
    telling: Telling | None = None
    begun: Callable[[], None] | None = None
    """Called once the logs know this worker and before it works."""
    sealer: Sealer | None = None
    draining: asyncio.Event = field(default_factory=asyncio.Event)
    witness: Witness | None = None
    faults: Faults = field(init=False)
    _skews: SkewWatch = field(init=False)
    _succession: Succession = field(init=False)

    @property
    def accounts(self) -> list[Account]:
        """The accounts this worker works for, in order."""
        return sorted(self.world.rules)

    async def run(self) -> None:
        """Boot, work until told to drain, and say goodbye.

        A fault that ends the worker is on record before it does.
        """
        world = self.world
        self.faults = Faults(world.store, world.clock, world.spool, self.build.worker_id)
        self._skews = SkewWatch(world.store, world.clock, self.build.worker_id)
        self._succession = Succession(world.store, self.build)
        try:
            await self._boot()
        except StoreError:  # the database is away: nothing of ours failed
            raise
        except Exception as error:
            await self.faults.note(SYSTEM, "booting", error)
            raise
        if self.begun is not None:
            self.begun()
        try:
            await self._work()
        except Outdated:
            await close_accounts(world.store, self.accounts, self.build, "outdated")
            raise
        at("drained")
        await close_accounts(world.store, self.accounts, self.build, "drained")
        await self._note_logs()

    async def _boot(self) -> None:
        world = self.world
        at("booting")
        if self.witness is not None:
            await self.witness.check(self.accounts)
        await open_accounts(world.store, dict(world.rules), self.build)
        if self.telling is not None:
            await self.telling.begin()
        at("booted")
        await self.stop_watch.announce(self.accounts)
        await empty_spool(self.world)

    async def _work(self) -> None:
        world = self.world
        wakeups = Wakeups(world.store, world.clock, self.poll_s)
        listener = asyncio.create_task(wakeups.listen(), name="listen")
        loops: list[Loop] = []
        tasks = []
        for name, step in self._steps(loops):
            loops.append(loop := Loop(name, wakeups, world.clock))
            tasks.append(asyncio.create_task(loop.run(step, self.draining), name=name))
        try:
            await self._until_drained(tasks, listener, wakeups)
        finally:
            for task in (*tasks, listener):
                task.cancel()
            await asyncio.gather(*tasks, listener, return_exceptions=True)

    def _steps(self, loops: Sequence[Loop]) -> list[tuple[str, Callable[[], Awaitable[object]]]]:
        world = self.world
        views = list(VIEWS.values())
        folding = Folding(world.store, handlers.ALL, views, self.faults, self._succession)
        zones = {account: world.rules[account].schedule.time_zone for account in self.accounts}
        ticker = Ticker(world.store, world.clock, zones, self.cadence)
        watchdog = Watchdog(world.store, self.build, self.cadence[Job.WATCHDOG], loops)
        clocks = ClockWatch(world.store, world.clock, self.build.worker_id)
        steps: list[tuple[str, Callable[[], Awaitable[object]]]] = [
            ("folding", folding.round),
            ("ticking", lambda: self._tick(ticker, watchdog, clocks)),
        ]
        if self.telling is not None:
            steps.append(("telling", self.telling.round))
        for performer in self.performers:
            side_by_side = range(SIDE_BY_SIDE.get(performer.queue, 1))
            one = Performing(performer, world).one
            steps += [(f"{performer.queue}-{place}", one) for place in side_by_side]
        return steps

    async def _tick(self, ticker: Ticker, watchdog: Watchdog, clocks: ClockWatch) -> bool:
        await clocks.look(self.accounts)
        if self.sealer is not None:
            await self.sealer.seal(self.world.clock.now())
        await ticker.tick()
        at("ticked")
        now = self.world.clock.now()
        reports = await watchdog.report(self.accounts, now)
        await self._skews.compare(now, reports, self.accounts)
        if reports:
            await self._note_logs()
        await self.stop_watch.announce(self.accounts)
        await self.faults.repeat()
        await empty_spool(self.world)
        if self.lateness is not None:
            await self.lateness.look(self.world.clock.now())
        await self.world.clock.sleep(self.tick_s)
        return True

    async def _note_logs(self) -> None:
        if self.witness is not None:
            await self.witness.note(self.accounts)

    async def _until_drained(
        self, tasks: Sequence[asyncio.Task[Any]], listener: asyncio.Task[Any], wakeups: Wakeups
    ) -> None:
        watch = asyncio.create_task(self.draining.wait())
        done, _ = await asyncio.wait({watch, listener, *tasks}, return_when=asyncio.FIRST_COMPLETED)
        self.draining.set()
        wakeups.wake()
        await asyncio.wait(tasks, timeout=DRAIN_S)
        watch.cancel()
        for task in done - {watch}:
            if not task.cancelled() and (error := task.exception()) is not None:
                await self._note_end(task.get_name(), error)
                raise error
        late = [task.get_name() for task in tasks if not task.done()]
        if late:
            log.warning("drain deadline passed", unfinished=late)

    async def _note_end(self, where: str, error: BaseException) -> None:
        """Put on record what ended a loop, unless another build has taken over."""
        if isinstance(error, Exception) and not isinstance(error, Outdated):
            for account in self.accounts:
                await self._succession.refuse(account, error)
            await self.faults.note(SYSTEM, where, error)
