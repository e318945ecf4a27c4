"""Stepping: a wall clock that moves by itself is told, for due times follow it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from edge.clock import Clock
from edge.worker.accounts import say
from schema.contracts import Store
from schema.events.operations import ClockStepped
from schema.ids import Account, derive

STEP_S = 2.0
"""What a clock that is kept in time never drifts between two looks; a leap second is less."""


class ClockWatch:
    """Compares how far the wall clock and the machine's own count of seconds went since a look."""

    def __init__(self, store: Store, clock: Clock, worker_id: UUID) -> None:
        self._store = store
        self._clock = clock
        self._worker_id = worker_id
        self._seen = clock.now(), clock.boot_s()

    async def look(self, accounts: Sequence[Account]) -> None:
        """Append `clock_stepped` to each log when the two disagree."""
        (wall, boot_s), now = self._seen, (self._clock.now(), self._clock.boot_s())
        by = now[0] - wall - timedelta(seconds=now[1] - boot_s)
        if abs(by.total_seconds()) >= STEP_S:
            event = ClockStepped(worker_id=self._worker_id, by_s=round(by.total_seconds()))
            for account in accounts:
                event_id = derive(self._worker_id, f"clock:{account}:{now[1]:.3f}")
                await say(self._store, account, event, event_id)
        self._seen = now
