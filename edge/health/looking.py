"""Looking: what the database says, asked at most every few seconds however many want to know."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace

from edge.clock import Clock
from edge.health.totals import Totals
from eventstore.projecting import consumer_of
from eventstore.vital_signs import Signs, VitalSigns, vital_signs
from handlers import ALL
from projectors import VIEWS
from schema.errors import StoreError

FRESH_S = 3.0
LOOK_S = 8.0
"""The longest look: one connection attempt, and what a query may take."""

CONSUMERS = frozenset({*(one.name for one in ALL), *(consumer_of(one) for one in VIEWS.values())})
"""Who must keep up: the rules and views of this build; others may have stopped for good."""


@dataclass(frozen=True)
class Look:
    """What was found: the signs, or what is wrong and what to do."""

    signs: Signs | None
    wrong: str = ""
    remedy: str = ""


class Looker:
    """Looks on demand over one connection of its own, which it makes again when it is lost."""

    def __init__(self, url: Callable[[], str], clock: Clock) -> None:
        self._url = url
        self._clock = clock
        self._alone = asyncio.Lock()
        self._open: AsyncExitStack | None = None
        self._store: VitalSigns | None = None
        self._look = Look(None, "nobody has looked yet")
        self._looked_s: float | None = None
        self.totals = Totals()

    async def look(self, *, counting: bool = False) -> Look:
        """Return what was found within the last seconds; `counting` brings the totals up to it."""
        async with self._alone:
            if self._looked_s is None or self._clock.boot_s() - self._looked_s > FRESH_S:
                self._look = await self._asked(counting=counting)
                self._looked_s = self._clock.boot_s()
            elif counting and self._look.signs is not None:
                self._look = await self._asked(counting=True, signs=self._look.signs)
            return self._look

    async def close(self) -> None:
        """Let go of the connection."""
        opened, self._open, self._store = self._open, None, None
        if opened is not None:
            with suppress(StoreError):  # it is broken, perhaps, and let go for that
                await opened.aclose()

    async def _asked(self, *, counting: bool, signs: Signs | None = None) -> Look:
        kept = self._store is not None
        try:
            async with asyncio.timeout(LOOK_S):
                return await self._seen(counting=counting, signs=signs)
        except StoreError as error:
            await self.close()
            if kept:  # that connection is gone, which says nothing of the server
                return await self._asked(counting=counting, signs=signs)
            return Look(None, error.message, error.remedy)
        except TimeoutError:
            await self.close()
            remedy = "look at the server's load and at locks (pg_stat_activity)"
            return Look(None, f"the database did not answer within {LOOK_S:.0f} s", remedy)

    async def _seen(self, *, counting: bool, signs: Signs | None) -> Look:
        store = self._store or await self._connect()
        signs = signs or known(await store.signs(), CONSUMERS)
        if counting:
            await self.totals.count(store, signs.heads)
        return Look(signs)

    async def _connect(self) -> VitalSigns:
        async with AsyncExitStack() as stack:
            self._store = await stack.enter_async_context(vital_signs(self._url()))
            self._open = stack.pop_all()
        return self._store


def known(signs: Signs, consumers: Collection[str]) -> Signs:
    """Leave out the lag of consumers that this build does not have."""
    lag = {key: behind for key, behind in signs.lag.items() if key[1] in consumers}
    return replace(signs, lag=lag)
