"""Killing: SIGKILL at every named point of the worker and its gate, and a restart after each."""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import Process
from collections.abc import Sequence
from contextlib import suppress
from random import Random

from edge.failpoints import CRASH, POINTS
from edge.performers.spool import Spool
from schema.contracts import NewEvent
from schema.events.operations import WorkerStarted
from schema.events.posting import PostingSuccess
from tests.torture.ground import Ground
from tests.torture.processes import gates, state
from tests.torture.program import end, running, tick
from tests.torture.settings import ME

REACHED_S = 90.0
OFTEN = {
    "handler_ran": 150,
    "view_folded": 150,
    "ticked": 3,
    "candidates_appended": 3,
    "order_taken": 8,
    "order_carried_out": 8,
    "order_closed": 8,
}
"""How far on a frequent point may lie; the others are met a few times."""


async def kill_at_all(ground: Ground, random: Random, points: Sequence[str] = ()) -> list[str]:
    """Kill once at each point, in any order; return the points that were not reached."""
    chosen = list(points or POINTS)
    random.shuffle(chosen)
    chosen.sort(key=lambda point: point == "spool_appended")  # that one needs an outcome
    return [point for point in chosen if not await kill_at(ground, random, point)]


async def kill_at(ground: Ground, random: Random, point: str) -> bool:
    """Let a worker run into one point; say whether it came there."""
    if point in {"settling", "settled"}:
        await kill_at(ground, random, "after_arm")
    if point == "spool_appended":
        await _keep_an_outcome(ground)
    nth = random.randint(1, OFTEN.get(point, 2 if point.startswith(("judge", "draft")) else 1))
    async with running(ground, {CRASH: f"{point}:{nth}"}) as process:
        reached = await _reached(ground, process, point)
    ground.redeliver()
    return reached


async def _reached(ground: Ground, process: Process, point: str) -> bool:
    if point.startswith("gate_"):
        return await _gate_died(process.pid)
    if point == "drained":
        await _next(ground, WorkerStarted)
        process.terminate()
    try:
        async with asyncio.timeout(REACHED_S):
            return await process.wait() == -signal.SIGKILL
    except TimeoutError:
        await end(process, signal.SIGKILL)
        return False


async def _gate_died(worker: int) -> bool:
    """Wait until a gate has fallen before the eyes of its worker, which is killed after it."""
    known = set[int]()
    with suppress(TimeoutError):
        async with asyncio.timeout(REACHED_S):
            while all(state(pid) not in {"", "Z"} for pid in known):
                known |= set(gates(worker))
                await tick()
            return True
    return False


async def _next(ground: Ground, *kinds: type) -> bool:
    await ground.log.catch_up()
    before = len(ground.log.events)
    try:
        await ground.log.until(
            lambda: any(isinstance(one.event, kinds) for one in ground.log.events[before:]),
            within_s=REACHED_S,
            what=" or ".join(kind.__name__ for kind in kinds),
        )
    except AssertionError:
        return False
    return True


async def _keep_an_outcome(ground: Ground) -> None:
    """Leave a file in the spool as a worker does whose append was acknowledged to nobody."""
    await ground.log.catch_up()
    sightings = ground.log.of(PostingSuccess)
    assert sightings, "no click has succeeded yet"
    last = sightings[-1]
    kept = NewEvent(last.event_id, last.event, cause=last.event.spends)
    await Spool(ground.data_dir / "spool").keep(ME, kept)
