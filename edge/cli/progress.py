"""What a command that takes its time says on stderr meanwhile."""

from __future__ import annotations

import asyncio
import sys
import time

QUIET_S = 2.0  # a command that is done sooner needs no progress
EVERY_S = 0.5


class Progress:
    """How far the command has come, shown on one line once it has taken two seconds."""

    def __init__(self) -> None:
        self.words = ""

    def reached(self, what: str, done: int, total: int | None = None) -> None:
        """Remember how many events are done."""
        of = f" of {total:,}" if total else ""
        self.words = f"{what}: {done:,}{of} events"

    def rows(self, what: str, done: int) -> None:
        """Remember how many rows are done."""
        self.words = f"{what}: {done:,} rows"

    async def show(self) -> None:
        """Show it until cancelled; a pipe or cron's mail has no use for it."""
        if not sys.stderr.isatty():
            return
        began = time.monotonic()
        await asyncio.sleep(QUIET_S)
        try:
            while True:
                sys.stderr.write(f"\r{time.monotonic() - began:.0f} s  {self.words}")
                sys.stderr.flush()
                await asyncio.sleep(EVERY_S)
        finally:
            sys.stderr.write("\n")


progress = Progress()
"""The running command's; a process runs one."""
