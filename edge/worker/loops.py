"""Loops: how the worker's tasks wake, back off while the database is away, and drain."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import structlog

from edge.clock import Clock
from schema.contracts import Store
from schema.errors import StoreError

POLL_S = 1.0
"""A wake-up may be lost; nobody waits longer than this for the next look."""

AWAY_S = (0.5, 1.0, 2.0, 5.0)
"""Waits between tries while the database is away; the last one repeats."""

log = structlog.get_logger("worker")


class Wakeups:
    """One listener for the whole process: an append wakes whomever it may concern."""

    def __init__(self, store: Store, clock: Clock, poll_s: float = POLL_S) -> None:
        self._store = store
        self._clock = clock
        self._poll_s = poll_s
        self._waiting: dict[Loop, asyncio.Future[None]] = {}

    async def listen(self) -> None:
        """Wait on the store for ever; each time it returns, wake those who may have work."""
        while True:
            try:
                await self._store.wait(timeout_s=self._poll_s)
                self.wake(await self._store.backlog())
            except StoreError:
                await self._clock.sleep(self._poll_s)
                self.wake()

    def wake(self, backlog: Mapping[str, int] | None = None) -> None:
        """Wake everybody now, but for those at queues of which it is known that they are empty.

        To find its queue empty is to have come round.
        """
        waiting, self._waiting = self._waiting, {}
        now = self._clock.now()
        empty = {queue for queue, orders in (backlog or {}).items() if not orders}
        for loop, woken in waiting.items():
            if loop.role in empty:
                loop.last_at = now
                self._waiting[loop] = woken
            elif not woken.done():
                woken.set_result(None)

    async def wait(self, loop: Loop) -> None:
        """Return at the loop's next wake-up."""
        self._waiting[loop] = asyncio.get_running_loop().create_future()
        await self._waiting[loop]


class Loop:
    """Repeats one step: at once while there is work, else at the next wake-up."""

    def __init__(self, name: str, wakeups: Wakeups, clock: Clock) -> None:
        self.name = name
        self._wakeups = wakeups
        self._clock = clock
        self._away = 0
        self.last_at: datetime | None = None
        self.role = name.rstrip("-0123456789")
        """What the loop does, a performer's queue; several side by side have one role."""

    async def run(self, step: Callable[[], Awaitable[object]], draining: asyncio.Event) -> None:
        """Go on until `draining` is set; a step under way is finished."""
        while not draining.is_set():
            try:
                worked = await step()
            except StoreError as error:
                await self._back_off(error)
                continue
            self.last_at = self._clock.now()
            if self._away:
                log.info("the database is back", loop=self.name)
                self._away = 0
            if not worked and not draining.is_set():
                await self._wakeups.wait(self)

    async def _back_off(self, error: StoreError) -> None:
        if not self._away:
            log.warning("the store cannot be used", loop=self.name, error=error.message)
        wait_s = AWAY_S[min(self._away, len(AWAY_S) - 1)]
        self._away += 1
        await self._clock.sleep(wait_s)
