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


async def between(
    store: Log, account: Account, types: Sequence[str], begin: int, end: int
) -> list[Recorded[Any]]:
    """Return the events of these types at positions from `begin` up to, not including, `end`."""
    found: list[Recorded[Any]] = []
    after = begin - 1
    while after < end - 1:
        page = await store.read(account, after=after, limit=PAGE, types=types)
        found += [one for one in page.events if one.position < end]
        if page.upto <= after:
            break
        after = page.upto
    return found


async def backwards(
    store: Log, account: Account, types: Sequence[str], end: int
) -> AsyncIterator[list[Recorded[Any]]]:
    """Yield the events of these types before `end` in growing pieces, the newest piece first.

    What is alive is found at once, and what never was costs few calls. Each piece is in the log's
    order.
    """
    step = PAGE
    while end > 0:
        begin = max(0, end - step)
        yield await between(store, account, types, begin, end)
        end, step = begin, step * 8


async def newest(store: Log, account: Account, name: str, end: int) -> list[Recorded[Any]]:
    """Return the newest event of a type before `end`, in a list; an empty one if there is none."""
    async for piece in backwards(store, account, (name,), end):
        if piece:
            return piece[-1:]
    return []
