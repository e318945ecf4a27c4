"""Stages: what is going on, and how long each stage took."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from edge.clock import SystemClock


class Stages:
    """A running account of the demo on stdout."""

    def __init__(self) -> None:
        self._clock = SystemClock()
        self._began = self._clock.boot_s()
        self.took: list[tuple[str, float]] = []

    def say(self, text: str) -> None:
        """Print a line with the seconds since the start before it."""
        elapsed = self._clock.boot_s() - self._began
        self._print(f"{elapsed:6.1f} s  {text}")

    def tell(self, text: str) -> None:
        """Print a block of text after an empty line."""
        self._print(f"\n{text}")

    def _print(self, text: str) -> None:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

    def total_s(self) -> float:
        """Return seconds since the start."""
        return self._clock.boot_s() - self._began

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        self.say(name)
        began = self._clock.boot_s()
        yield
        self.took.append((name, self._clock.boot_s() - began))
