"""Skew: a worker's clock that goes another way than the database's is told, once while it lasts.

Nothing is decided by the worker's clock; but due times follow it, and a person should know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from edge.clock import Clock
from edge.worker.accounts import say
from schema.contracts import Store
from schema.events.operations import ClockSkewed
from schema.ids import Account, EventId, derive

SKEW_MAX = timedelta(seconds=2)
"""Clocks that are kept in time differ by far less."""


class SkewWatch:
    """Compares a worker's clock with the time that the database gave to its own events."""

    def __init__(self, store: Store, clock: Clock, worker_id: UUID) -> None:
        self._store = store
        self._clock = clock
        self._worker_id = worker_id
        self._is_skewed = False
        self._count = 0

    async def compare(
        self,
        before: datetime,
        appended: Sequence[tuple[Account, EventId]],
        accounts: Sequence[Account],
    ) -> None:
        """Say that the clocks differ, by events appended since `before`; nothing without any."""
        for account, event_id in appended[:1]:  # they have one clock
            recorded = await self._store.by_id(account, event_id)
            if recorded is not None:
                await self._tell(_skew(before, recorded.at, self._clock.now()), accounts)

    async def _tell(self, skew: timedelta, accounts: Sequence[Account]) -> None:
        was, self._is_skewed = self._is_skewed, abs(skew) > SKEW_MAX
        if was or not self._is_skewed:
            return
        self._count += 1
        event = ClockSkewed(
            worker_id=self._worker_id, by_ms=round(skew / timedelta(milliseconds=1))
        )
        for account in accounts:
            event_id = derive(self._worker_id, f"skewed:{account}", self._count)
            await say(self._store, account, event, event_id)


def _skew(before: datetime, at: datetime, after: datetime) -> timedelta:
    """Return how far we are ahead, at least; a pause between the two looks counts as none."""
    if before > at:
        return before - at
    return after - at if after < at else timedelta()
