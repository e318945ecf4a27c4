"""Clocks: true time counts from a fixed day; a worker's own clock may be off."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from tests.simulation.process import Process

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)


def true_time() -> datetime:
    """Return the time that it really is in the simulation."""
    return _moment(asyncio.get_running_loop().time())


@lru_cache(maxsize=4)  # time stands still while a thousand things happen
def _moment(seconds: float) -> datetime:
    return BEGIN + timedelta(seconds=seconds)


class WorkerClock:
    """The clocks of one process; `boot_s` goes on while it is paused, as CLOCK_BOOTTIME does."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._loop = asyncio.get_running_loop()

    def now(self) -> datetime:
        """Return the wall clock's time, skewed."""
        return _moment(self._loop.time() + self._process.skew_s)

    def boot_s(self) -> float:
        """Return seconds since the simulation began."""
        return self._loop.time()

    async def sleep(self, seconds: float) -> None:
        """Wait in virtual time."""
        loop = asyncio.get_running_loop()
        woken = loop.create_future()
        timer = loop.call_later(seconds, _wake, woken)
        try:
            await woken
        finally:
            timer.cancel()


def _wake(woken: asyncio.Future[None]) -> None:
    if not woken.done():
        woken.set_result(None)


class DatabaseClock:
    """The server's clock, which an administrator may step."""

    def __init__(self) -> None:
        self.step_s = 0.0

    def now(self) -> datetime:
        """Return what the server believes the time to be."""
        return _moment(asyncio.get_running_loop().time() + self.step_s)
