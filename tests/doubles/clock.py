"""A test double of the clock: time passes only where a test says so."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


class VirtualClock:
    """A clock that stands still.

    A patient one keeps a sleeper asleep until `pass_s` has brought it to its time; an impatient
    one lets the time of each sleep pass at once. `slept` are the sleeps in their order, seconds.
    """

    def __init__(self, *, patient: bool = False) -> None:
        self.patient = patient
        self.passed_s = 0.0
        self.slept: list[float] = []
        self.stepped_s = 0.0
        self._sleeping: list[tuple[float, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.passed_s + self.stepped_s)

    def boot_s(self) -> float:
        return self.passed_s

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if not self.patient:
            self.passed_s += seconds
            await asyncio.sleep(0)
            return
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleeping.append((self.passed_s + seconds, woken))
        await woken

    def step_s(self, seconds: float) -> None:
        """Move the wall clock by itself."""
        self.stepped_s += seconds

    def pass_s(self, seconds: float) -> None:
        """Let time pass, and wake whoever has slept enough."""
        self.passed_s += seconds
        due = [one for one in self._sleeping if one[0] <= self.passed_s]
        self._sleeping = [one for one in self._sleeping if one[0] > self.passed_s]
        for _, woken in sorted(due, key=lambda one: one[0]):
            if not woken.done():
                woken.set_result(None)
