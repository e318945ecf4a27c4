"""Vitals: what the worker's thread says of itself, for the health server's thread to read."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from edge.clock import Clock

BEAT_S = 1.0


class Phase(StrEnum):
    """Where the worker is."""

    STARTING = "starting"  # ends when the database is open and the logs know this worker
    WAITING = "waiting"  # for the database; ends when it is back
    WORKING = "working"  # ends by a signal
    DRAINING = "draining"  # ends with the process


@dataclass(frozen=True)
class State:
    """The phase, and what a person should know and do about it."""

    phase: Phase
    why: str = ""
    remedy: str = ""


class Vitals:
    """One thread writes, the other reads; each write replaces one value, so no lock is needed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began_s = self._beat_s = clock.boot_s()
        self.state = State(Phase.STARTING)
        self.unsigned: tuple[str, ...] = ()
        """Accounts whose site's rules nobody signed."""
        self.refused: Counter[str] = Counter()
        """Commands that the log refused to this process, by code: the store's own count."""

    def beat(self) -> None:
        """Say that the worker's loop comes round."""
        self._beat_s = self._clock.boot_s()

    def drain(self) -> None:
        """Say that no new work is begun: whoever balances load looks elsewhere."""
        self.state = State(Phase.DRAINING, "it was told to end")

    def since_beat_s(self) -> float:
        """Return seconds since the worker's loop last came round."""
        return self._clock.boot_s() - self._beat_s

    def uptime_s(self) -> float:
        """Return seconds since the process began."""
        return self._clock.boot_s() - self._began_s

    def refusals(self) -> dict[str, int]:
        """Return what the log refused so far, by code."""
        return dict(self.refused)

    @asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Beat as long as this loop comes round."""
        task = asyncio.create_task(self._go_on(), name="beating")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _go_on(self) -> None:
        while True:
            self.beat()
            await self._clock.sleep(BEAT_S)
