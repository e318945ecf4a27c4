"""Swarm: many seeds on several processes, their findings added up."""

from __future__ import annotations

import atexit
import gc
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tests.simulation.judging import violations
from tests.simulation.playing import hush, play
from tests.simulation.scene import Scene
from tests.simulation.seen import Seen, log_hash, seen_in

TWICE_EVERY = 100
"""One seed in so many is played twice, in two processes: its log must come out the same."""

SEEDS_PER_PROCESS = 60
"""A played day leaves some megabytes behind, most of them cycles; a fresh process has none."""


LOST_S = 600
"""A seed takes a second or a few. A pool waits for ever for one that died with its process."""


@dataclass(frozen=True)
class Played:
    """What came of one seed."""

    seed: int
    violations: tuple[str, ...]
    seen: Seen
    log_hash: str = ""
    """Only of a seed that is played twice."""


@dataclass
class Swarm:
    """What came of many."""

    seen: Seen = field(default_factory=Seen)
    failed: list[Played] = field(default_factory=list)
    unequal: list[int] = field(default_factory=list)
    hashes: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0

    def take(self, played: Played) -> None:
        """Add one seed; a seed that comes again must have the same log."""
        if played.seed in self.hashes:
            if self.hashes[played.seed] != played.log_hash:
                self.unequal.append(played.seed)
            return
        self.hashes[played.seed] = played.log_hash
        self.seen.add(played.seen)
        if played.violations:
            self.failed.append(played)


def play_and_judge(seed: int, hours: float = 24.0) -> Played:
    """Play one seed and judge it. What is large is dropped by hand."""
    scene = play(seed, hours=hours)
    played = judged(scene)
    scene.server.forget()
    return played


def judged(scene: Scene) -> Played:
    """Say what came of a scene that was played to its end."""
    told = log_hash(scene) if scene.seed % TWICE_EVERY == 0 else ""
    return Played(scene.seed, tuple(violations(scene)), seen_in(scene), told)


def get_ready() -> None:
    """Make a process ready to play: it keeps quiet, and ends before its cycles count.

    The system takes back what it leaves behind in no time; Python would look through it for long.
    """
    hush()
    gc.disable()
    atexit.register(os._exit, 0)


def processors() -> int:
    """Return how many this process may use; more days at once than that take longer."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def play_many(
    seeds: Iterable[int], *, jobs: int, tell: Callable[[Swarm], None] = lambda _swarm: None
) -> Swarm:
    """Play seeds on so many processes, some of them twice."""
    chosen = list(seeds)
    again = [seed for seed in chosen if seed % TWICE_EVERY == 0]
    swarm, began = Swarm(), time.monotonic()
    spawning = multiprocessing.get_context("spawn")  # a hash seed of its own for each process
    # concurrent.futures hangs at times when it replaces a process (python/cpython#115634).
    with spawning.Pool(jobs, initializer=get_ready, maxtasksperchild=SEEDS_PER_PROCESS) as pool:
        coming = pool.imap(play_and_judge, [*chosen, *again])
        for _ in (*chosen, *again):
            try:
                swarm.take(coming.next(timeout=LOST_S))
            except multiprocessing.TimeoutError:
                told = f"no seed came back for {LOST_S} s: was a process killed, or memory short?"
                raise RuntimeError(told) from None
            swarm.seconds = time.monotonic() - began
            tell(swarm)
    return swarm
