"""Steps: the named places of a worker's work where it may be killed or take its time."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextvars import copy_context
from dataclasses import dataclass, field
from random import Random

from tests.simulation.faults import Faults
from tests.simulation.loop import OWNER
from tests.simulation.process import Process


@dataclass
class Steps:
    """The steps of one process."""

    process: Process
    faults: Faults
    dice: Random
    killed_at: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.nobody = copy_context()
        self.nobody.run(OWNER.set, None)
        self.sure = not any(map(self.faults.rates.get, ("crash_at_step", "stall_at_step")))

    async def at(self, name: str) -> None:
        """Die or hang here, if so it is; else go on without giving way. `sure` is: it never is."""
        if self.faults.strikes("crash_at_step"):
            self.killed_at[name] += 1
            self.process.kill()
            await asyncio.get_running_loop().create_future()
        if self.faults.strikes("stall_at_step"):
            await self.pass_time(1.0, 90.0)

    async def pass_time(self, least_s: float, most_s: float) -> None:
        """Take some time."""
        loop = asyncio.get_running_loop()
        woken = loop.create_future()
        loop.call_later(self.between(least_s, most_s), _wake, woken)
        await woken

    def between(self, least_s: float, most_s: float) -> float:
        """Draw a length of time; short ones are as likely as long ones by their magnitude."""
        return float(least_s * (most_s / least_s) ** self.dice.random())


def _wake(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)
