"""A simulated process: its callbacks run, are held while it is paused, or never run again."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field


@dataclass(eq=False)
class Process:
    """One life of one worker, from its start to its end."""

    name: str
    skew_s: float = 0.0
    awake: bool = True
    dead: bool = False
    held: deque[asyncio.Handle] = field(default_factory=deque)
    pauses: list[tuple[float, float]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    def kill(self) -> None:
        """Stop it for good, as ``kill -9`` does: no handler runs, nothing is cleaned up."""
        self.awake, self.dead = False, True
        self.ended.set()
