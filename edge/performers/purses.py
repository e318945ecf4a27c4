"""Purses: each account's purse as this process has read it from the log, kept and read on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, get_args
from uuid import UUID

from handlers.money.purse import OfMoney, Purse, day_of, evolve
from replay.moment import Moment
from replay.reading import PAGE, first_since, walk
from schema.contracts import Recorded, Store
from schema.events.base import tag_of
from schema.events.money import CIRCUIT, ModelReserved
from schema.ids import Account

SETTINGS = ("settings_changed",)
TYPES = (*SETTINGS, *(tag_of(kind.__name__) for kind in get_args(OfMoney)))


@dataclass
class Book:
    """A purse, the last position read, and the time of the newest event seen.

    `stands` holds the reservations that somebody waits for, False until one is seen to stand.
    """

    purse: Purse
    upto: int
    latest: datetime
    stands: dict[UUID, bool] = field(default_factory=dict)

    def read(self, recorded: Recorded[Any]) -> None:
        """Fold the next event."""
        event = recorded.event
        self.purse = evolve(self.purse, recorded)
        self.latest = max(self.latest, recorded.at)
        if isinstance(event, ModelReserved) and event.reservation_id in self.stands:
            self.stands[event.reservation_id] = str(event.reservation_id) in self.purse.reserved


class Purses:
    """The books of one process. An account's log is read by one task at a time."""

    def __init__(self) -> None:
        self._books: dict[Account, Book] = {}
        self._reading: dict[Account, asyncio.Lock] = {}

    async def book(self, store: Store, account: Account) -> Book:
        """Return the account's book, read to the end of its log."""
        async with self._reading.setdefault(account, asyncio.Lock()):
            if account not in self._books:
                self._books[account] = await _opened(store, account)
            await _read_on(store, account, self._books[account])
            return self._books[account]


async def _read_on(store: Store, account: Account, book: Book) -> None:
    full = True
    while full:
        page = await store.read(account, after=book.upto, types=TYPES, limit=PAGE)
        for recorded in page.events:
            book.read(recorded)
        book.upto = max(book.upto, page.upto)
        full = len(page.events) == PAGE


async def _opened(store: Store, account: Account) -> Book:
    """Begin a day before the newest event: of what is older only two things count.

    These are the rules in force and the state of the circuit, which may be of any age.
    """
    size = (await store.heads())[account]
    newest = (await store.event(account, size - 1)).at
    midnight = datetime.combine(day_of(newest), time(), UTC) - timedelta(days=1)
    first = await first_since(store, account, Moment(at=midnight), size)
    book = Book(Purse(), first - 1, newest)
    old = [row async for row in walk(store, account, types=SETTINGS)]
    old += [row async for row in walk(store, account, trace=CIRCUIT)]
    for recorded in sorted(old, key=lambda row: row.position):
        if recorded.position < first:
            book.read(recorded)
    return book
