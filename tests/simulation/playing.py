"""Playing one seed: chaos for most of the time, then quiet, then judgement."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import structlog

from tests.simulation.faults import Weather
from tests.simulation.loop import VirtualLoop
from tests.simulation.operators import Operators
from tests.simulation.scene import Scene, draw_scene

QUIET_H = 3.5
"""The last hours without faults, in which everything must come right."""


def play(seed: int, *, hours: float = 24.0, weather: Weather = Weather.CHAOS) -> Scene:
    """Play a seed to its end and return the scene as it was left."""
    loop = VirtualLoop(Random(seed))
    loop.set_exception_handler(lambda _loop, _context: None)
    with _folder() as folder:
        try:
            scene = draw_scene(seed, hours, folder, loop, weather)
            loop.run_until_complete(_play(scene))
            loop.run_until_complete(_end(scene))
        finally:
            loop.close()
    return scene


def hush() -> None:
    """Keep the workers' own log lines off the screen: thousands of days would fill it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a folder in memory where there is such a thing: a simulated disk needs no real one."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="gp-sim-", dir=memory if memory.is_dir() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


async def _play(scene: Scene) -> None:
    operators = Operators(scene, Random(scene.seed + 1))
    alive = [asyncio.create_task(host.keep_alive()) for host in scene.hosts]
    await asyncio.sleep(60)
    disturbing = operators.begin()
    scene.quiet_from = (scene.hours - QUIET_H) * 3600
    await asyncio.sleep(scene.quiet_from - 60)
    for task in disturbing:
        task.cancel()
    await asyncio.gather(*disturbing, return_exceptions=True)
    await operators.calm_down()
    await asyncio.sleep(QUIET_H * 3600)
    for task in alive:
        task.cancel()


async def _end(scene: Scene) -> None:
    """Let every task of every process end, the killed ones too; the log is as it was."""
    for step in scene.all_steps:
        step.process.awake = True
        scene.loop.give_back(step.process)
    while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=60)
