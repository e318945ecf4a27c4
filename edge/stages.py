"""Stages: where the time of a run goes, told by whoever spends it to whoever measures.

The one who measures is far from the browser, with a port between them; so the stages travel with
the task, and whoever is not measured pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum

from edge.clock import Clock


class Stage(StrEnum):
    """What a run does with its time; what belongs to no other stage is extraction."""

    BROWSER_ACQUIRE = "browser_acquire_ms"
    NAV = "nav_ms"
    EXTRACT = "extract_ms"
    DB = "db_ms"


@dataclass
class Stages:
    """Seconds spent in each stage; a stage within another takes its time from that one."""

    clock: Clock
    now: Stage = Stage.EXTRACT
    spent_s: dict[Stage, float] = field(default_factory=lambda: dict.fromkeys(Stage, 0.0))
    since_s: float = field(init=False)

    def __post_init__(self) -> None:
        self.since_s = self.clock.boot_s()

    def enter(self, stage: Stage) -> Stage:
        """Go on in this stage; return the one before."""
        before, now_s = self.now, self.clock.boot_s()
        self.spent_s[before] += now_s - self.since_s
        self.now, self.since_s = stage, now_s
        return before

    def in_ms(self) -> dict[str, int]:
        """Return the whole milliseconds of each stage so far, by the events' field names."""
        self.enter(self.now)
        return {str(stage): round(spent_s * 1000) for stage, spent_s in self.spent_s.items()}


_measured: ContextVar[Stages | None] = ContextVar("stages", default=None)


@contextmanager
def measured(clock: Clock) -> Iterator[Stages]:
    """Measure everything that this task does within."""
    stages = Stages(clock)
    token = _measured.set(stages)
    try:
        yield stages
    finally:
        _measured.reset(token)


@contextmanager
def during(stage: Stage) -> Iterator[None]:
    """Spend the time within on this stage."""
    stages = _measured.get()
    if stages is None:
        yield
        return
    before = stages.enter(stage)
    try:
        yield
    finally:
        stages.enter(before)
