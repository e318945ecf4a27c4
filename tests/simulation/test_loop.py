"""Virtual time: it jumps and never goes back, chance is the seed's, and the dead do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from random import Random

from tests.simulation.loop import OWNER, VirtualLoop
from tests.simulation.process import Process

MANY = 50


@contextmanager
def virtual(seed: int = 1) -> Iterator[VirtualLoop]:
    loop = VirtualLoop(Random(seed))
    yield loop
    loop.close()


def run(loop: VirtualLoop, until_s: float) -> None:
    """Let virtual time pass up to this moment."""
    loop.call_at(until_s, loop.stop)
    loop.run_forever()


def order_of(seed: int) -> list[int]:
    """Return in which order callbacks run that were ready at the same time."""
    done: list[int] = []
    with virtual(seed) as loop:
        for number in range(MANY):
            loop.call_soon(done.append, number)
        run(loop, 1.0)
    return done


def test_idle_time_passes_in_one_jump_and_never_back() -> None:
    seen: list[float] = []
    with virtual() as loop:
        for when in (90.0, 3600.0, 86_400.0):
            loop.call_at(when, lambda: seen.append(loop.time()))
        loop.call_at(3600.0, lambda: loop.call_at(5.0, lambda: seen.append(loop.time())))
        run(loop, 90_000.0)
    assert seen == [90.0, 3600.0, 3600.0, 86_400.0]


def test_what_is_ready_together_runs_in_the_seeds_own_order() -> None:
    first, again, other = order_of(1), order_of(1), order_of(2)
    assert first == again != other
    assert sorted(first) == sorted(other) == list(range(MANY))
    assert first != sorted(first)


def test_a_paused_process_goes_on_later_and_a_dead_one_never() -> None:
    done: list[str] = []
    with virtual() as loop:
        paused, dead = Process("paused"), Process("dead")
        for process in (paused, dead):
            context = copy_context()
            context.run(OWNER.set, process)
            loop.call_later(1.0, done.append, process.name, context=context)
        paused.awake = False
        dead.kill()
        run(loop, 2.0)
        assert done == []
        paused.awake = True
        loop.give_back(paused)
        run(loop, 3.0)
    assert done == ["paused"]
