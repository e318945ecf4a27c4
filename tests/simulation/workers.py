"""Hosts: each keeps one worker alive, as a supervisor does, through crashes, drains and pauses."""

from __future__ import annotations

import asyncio
import os
from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

import handlers
from edge.model.voice import Voice
from edge.performers.alert import Alert
from edge.performers.asking import Manner
from edge.performers.click import Click
from edge.performers.contract import Performer, World
from edge.performers.draft import Draft
from edge.performers.fetch import Fetch
from edge.performers.judge import Judge
from edge.performers.metrics import Metrics
from edge.performers.profile import Profile
from edge.performers.spool import Spool
from edge.worker.accounts import Build
from edge.worker.sealing import Sealer
from edge.worker.stops import FILE_NAME, StopWatch
from edge.worker.worker import Worker
from schema.errors import GhostproofError
from schema.events.operations import Job
from tests.simulation.clocks import WorkerClock, true_time
from tests.simulation.link import Link
from tests.simulation.loop import OWNER
from tests.simulation.model import SimulatedModel
from tests.simulation.process import Process
from tests.simulation.site import SimulatedSite
from tests.simulation.steps import Steps
from tests.simulation.webhook import SimulatedWebhook

if TYPE_CHECKING:
    from tests.simulation.scene import Scene

POLL_S = 60.0

ALERT_TRIES = 3

MANNER = Manner("gpt-4o-mini", 0.8, 1.0)


class TimedSpool(Spool):
    """The real spool, its files dated in virtual time, so that their order is the seed's."""

    def _write(self, account: Any, event: Any) -> None:
        super()._write(account, event)
        now_ns = int(true_time().timestamp() * 1_000_000_000)
        os.utime(self.folder / f"{event.event_id}.json", ns=(now_ns, now_ns))


def _performers(steps: Steps) -> tuple[Performer, ...]:
    """Return one performer per work queue, as production has them."""
    return (
        *(Fetch(), Judge(MANNER), Draft(MANNER), Click("live"), Profile(), Metrics()),
        Alert(SimulatedWebhook(steps), tries=ALERT_TRIES),
    )


@dataclass
class Host:
    """One machine of the simulation. Its spool and its clock's error survive its processes."""

    name: str
    scene: Scene
    dice: Random
    spool: Path
    skew_s: float = 0.0
    flag: bool = False
    lives: int = 0
    process: Process = field(default_factory=lambda: Process("none"))
    worker: Worker | None = None
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    processes: dict[UUID, Process] = field(default_factory=dict)

    async def keep_alive(self) -> None:
        """Start a worker again whenever it has ended."""
        while True:
            self._start()
            await self.process.ended.wait()
            await asyncio.sleep(self.dice.uniform(1, 60))

    def _start(self) -> None:
        self.lives += 1
        self.process = Process(f"{self.name}.{self.lives}", self.skew_s)
        for handler in handlers.ALL:
            self.scene.server.folds.read_again(handler, self.scene.account)
        self.worker = self._worker(Steps(self.process, self.scene.faults, self.dice))
        context = copy_context()
        context.run(OWNER.set, self.process)
        loop = asyncio.get_running_loop()
        self.tasks.append(loop.create_task(self._run(self.worker, self.process), context=context))

    async def _run(self, worker: Worker, process: Process) -> None:
        try:
            await worker.run()
        except GhostproofError:
            self.scene.counted["worker_gave_up"] += 1
        except Exception as error:
            self.scene.faults_of_ours.append(f"{process.name}: {type(error).__name__}: {error}")
        finally:
            process.ended.set()

    def _worker(self, steps: Steps) -> Worker:
        scene, process = self.scene, steps.process
        scene.all_steps.append(steps)
        store = Link(scene.server, steps)
        worker_id = UUID(int=self.dice.getrandbits(128), version=4)
        self.processes[worker_id] = process
        file = scene.folder / FILE_NAME
        stops = StopWatch(store, flag=self.flag, file=file, worker_id=worker_id, died=self.died)
        world = World(
            store=store,
            sites=SimulatedSite(scene.forum, steps),
            model=SimulatedModel(steps, self.dice),
            clock=WorkerClock(process),
            spool=TimedSpool(self.spool),
            worker_id=worker_id,
            voices={scene.account: Voice(persona="A reader.")},
            rules={scene.account: scene.rules},
            stops=stops,
        )
        build = Build(worker_id, scene.git_sha, "simulated", self.name, self.lives, ("all",))
        worker = Worker(
            world, build, _performers(steps), scene.cadence, stops, scene.tick_s, POLL_S
        )
        worker.sealer = Sealer(store, [scene.account], scene.cadence[Job.PROOF])
        return worker

    def died(self, worker_id: UUID) -> bool:
        """Say whether a process ended that ran here, or wherever this data directory is."""
        here = (host for host in self.scene.hosts if host.spool == self.spool)
        processes = (host.processes[worker_id] for host in here if worker_id in host.processes)
        return any(process.ended.is_set() for process in processes)

    def kill(self) -> None:
        """End the process at once."""
        self.process.kill()

    def drain(self) -> None:
        """Ask the worker to finish what it is at and stop."""
        if self.worker is not None:
            self.worker.draining.set()

    async def pause(self, seconds: float) -> None:
        """Freeze the process, and let it go on later as if nothing had happened."""
        process, loop = self.process, asyncio.get_running_loop()
        if not process.awake:
            return
        began = loop.time()
        process.awake = False
        try:
            await asyncio.sleep(seconds)
        finally:
            process.pauses.append((began, loop.time()))
            if not process.dead:
                process.awake = True
                self.scene.loop.give_back(process)
