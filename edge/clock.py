"""The clock: the wall for due times, the boot clock for durations, and waiting."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Where time comes from; a virtual one may stand in."""

    def now(self) -> datetime:
        """Return the wall clock's time, UTC."""

    def boot_s(self) -> float:
        """Return seconds since boot, suspend included: a paused machine cannot hide from it."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        """Return the wall clock's time, UTC."""
        return datetime.now(UTC)

    def boot_s(self) -> float:
        """Return CLOCK_BOOTTIME where there is one (Linux), else the monotonic clock."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    async def sleep(self, seconds: float) -> None:
        """Wait without blocking the others."""
        await asyncio.sleep(seconds)
