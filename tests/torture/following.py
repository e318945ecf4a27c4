"""Following: one account's log, read on as it grows, and waiting for what should appear in it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from eventstore.store import PostgresStore
from schema.contracts import Recorded
from schema.errors import StoreError
from schema.events.base import Event
from schema.ids import Account

LOOK_S = 0.2
TRIES = 20


class Following:
    """Everything in the log so far, oldest first."""

    def __init__(self, store: PostgresStore, account: Account) -> None:
        self._store = store
        self._account = account
        self.events: list[Recorded[Any]] = []

    def of(self, *kinds: type[Event]) -> list[Recorded[Any]]:
        """Return the events of these kinds."""
        return [one for one in self.events if isinstance(one.event, kinds)]

    async def catch_up(self) -> None:
        """Read on to the log's end; a database that was killed may break a few connections."""
        for tries_left in reversed(range(TRIES)):
            try:
                await self._read_on()
            except StoreError:
                if not tries_left:
                    raise
            else:
                return
            with suppress(StoreError):
                await self._store.wait(timeout_s=LOOK_S)

    async def _read_on(self) -> None:
        while True:
            after = self.events[-1].position if self.events else -1
            page = await self._store.read(self._account, after=after)
            if not page.events:
                return
            self.events += page.events

    async def until(self, fulfilled: Callable[[], bool], *, within_s: float, what: str) -> None:
        """Read on until `fulfilled` says so; a database that is away for a while is waited for."""
        try:
            async with asyncio.timeout(within_s):
                while True:
                    with suppress(StoreError):
                        await self._read_on()
                        if fulfilled():
                            return
                    with suppress(StoreError):
                        await self._store.wait(timeout_s=LOOK_S)
        except TimeoutError:
            last = [f"{one.position} {one.type}" for one in self.events[-12:]]
            raise AssertionError(
                f"not within {within_s:g} s: {what}; the log ends {last}"
            ) from None
