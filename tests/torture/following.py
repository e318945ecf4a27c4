"""Following: one account's log, read on as it grows, and waiting for what should appear in it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from schema.contracts import Recorded, Store
from schema.errors import StoreError
from schema.events.base import Event
from schema.ids import Account

LOOK_S = 0.2
TRIES = 20


class Following:
    """Everything in the log so far, oldest first."""

    def __init__(self, store: Store, account: Account) -> None:
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
        while await self._read_page():
            pass

    async def _read_page(self) -> bool:
        """Read on by a page; say whether there was one."""
        after = self.events[-1].position if self.events else -1
        page = await self._store.read(self._account, after=after)
        self.events += page.events
        return bool(page.events)

    async def until(self, fulfilled: Callable[[], bool], *, within_s: float, what: str) -> None:
        """Read on until `fulfilled` says so; a database that is away for a while is waited for.

        It is asked after every page, not at the end alone: a busy log has none.
        """
        kept_away = Counter[str]()
        try:
            async with asyncio.timeout(within_s):
                while True:
                    try:
                        more = await self._read_page()
                    except StoreError as error:
                        more, kept_away[str(error)] = False, kept_away[str(error)] + 1
                    if fulfilled():
                        return
                    if not more:
                        with suppress(StoreError):
                            await self._store.wait(timeout_s=LOOK_S)
        except TimeoutError:
            last = [f"{one.position} {one.type}" for one in self.events[-12:]]
            away = f"; not readable: {dict(kept_away)}" if kept_away else ""
            raise AssertionError(
                f"not within {within_s:g} s: {what}; the log ends {last}{away}"
            ) from None
