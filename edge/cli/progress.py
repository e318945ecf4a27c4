"""A line on stderr that says how far a long command has come."""

from __future__ import annotations

import sys
import time

QUIET_S = 2.0  # a command that is done sooner needs no progress
EVERY_S = 0.5


class Progress:
    """Counts events; silent at first, and on one line."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._due = time.monotonic() + QUIET_S
        self._shown = False

    def reached(self, done: int, total: int | None = None) -> None:
        """Say how many are done, if it is time to."""
        if time.monotonic() < self._due:
            return
        self._due = time.monotonic() + EVERY_S
        self._shown = True
        of = f" of {total:,}" if total else ""
        sys.stderr.write(f"\r{self.what}: {done:,}{of} events")
        sys.stderr.flush()

    def over(self) -> None:
        """End the line."""
        if self._shown:
            sys.stderr.write("\n")
