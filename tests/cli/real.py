"""A real database behind the commands, and a log in it that a test writes to."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import pytest

from eventstore.store import PostgresStore
from handlers import ALL
from schema.catalogue import type_of
from schema.contracts import Command, NewEvent, Recorded
from schema.events.base import Event
from schema.ids import Account, EventId, named
from schema.law import APPROVER_ONLY
from tests.postgres_fixtures import Database

Answer = TypeVar("Answer")


class Real:
    """One account's log in a real database, which commands open too."""

    account = Account("garden")

    def __init__(self, database: Database) -> None:
        self.database = database
        self.said = 0

    def with_store(self, use: Callable[[PostgresStore], Awaitable[Answer]]) -> Answer:
        """Open the store for one piece of work."""

        async def run() -> Answer:
            async with self.database.store() as store:
                await store.open_account(self.account)
                return await use(store)

        return asyncio.run(run())

    def say(self, *events: Event) -> list[EventId]:
        """Append events of the past, each by itself; return their ids."""

        async def append(store: PostgresStore) -> list[EventId]:
            ids = []
            for event in events:
                ids.append(EventId(named("real", str(self.said))))
                self.said += 1
                [verdict] = await store.append(
                    self.account,
                    [Command((NewEvent(ids[-1], event),))],
                    actor="test",
                    approver=type_of(event) in APPROVER_ONLY,
                )
                assert verdict.stands, verdict
            return ids

        return self.with_store(append)

    def fold(self) -> None:
        """Let every handler read on until none has anything to do."""

        async def run(store: PostgresStore) -> None:
            busy = True
            while busy:
                ran = [await store.run_handler(handler, self.account) for handler in ALL]
                busy = any(ran)

        self.with_store(run)

    def rows(self, *types: str) -> list[Recorded[Any]]:
        """Return the log, or what of it has these types."""

        async def read(store: PostgresStore) -> list[Recorded[Any]]:
            page = await store.read(self.account, limit=10_000, types=types or None)
            return list(page.events)

        return self.with_store(read)

    def events(self, *types: str) -> list[Any]:
        """Return the events of these types."""
        return [row.event for row in self.rows(*types)]


@contextmanager
def real_commands(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Real]:
    """Point the commands at the database."""
    monkeypatch.setenv("DATABASE_URL", database.app_url)
    monkeypatch.setenv("DATABASE_APPROVER_URL", database.approver_url)
    monkeypatch.setenv("DATABASE_READER_URL", database.reader_url)
    yield Real(database)
