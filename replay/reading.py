"""Walk an account's log in order, page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any
from uuid import UUID

from replay.moment import NOW, Moment
from replay.source import Log
from schema.contracts import Recorded
from schema.ids import Account

PAGE = 1000  # bodies decoded in one call: larger pages gain nothing, smaller ones cost round trips


async def walk(
    store: Log,
    account: Account,
    *,
    types: Sequence[str] | None = None,
    trace: UUID | None = None,
    until: Moment = NOW,
) -> AsyncIterator[Recorded[Any]]:
    """Yield the events from the log's beginning until the moment, oldest first."""
    after = -1
    while True:
        page = await store.read(account, after=after, limit=PAGE, types=types, trace=trace)
        for recorded in page.events:
            if not until.includes(recorded):
                return
            yield recorded
        if page.upto <= after:
            return
        after = page.upto


async def gather(
    store: Log,
    account: Account,
    *,
    types: Sequence[str] | None = None,
    trace: UUID | None = None,
    until: Moment = NOW,
) -> list[Recorded[Any]]:
    """Return what `walk` yields."""
    return [
        recorded async for recorded in walk(store, account, types=types, trace=trace, until=until)
    ]


async def first_since(store: Log, account: Account, moment: Moment, size: int) -> int:
    """Return the first position at the moment or later, 0 for no moment; times never go back."""
    if moment.position is not None:
        return moment.position
    if moment.at is None:
        return 0
    low, high = 0, size
    while low < high:
        middle = (low + high) // 2
        if (await store.event(account, middle)).at < moment.at:
            low = middle + 1
        else:
            high = middle
    return low
