"""The log over a single connection: for the store, for short commands, and for audits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from eventstore.auditing import StoredRow
from eventstore.connection import Connection, check_version, connected
from eventstore.listening import CHANNEL
from eventstore.projecting import consumer_of
from eventstore.reading import page_query, read_page
from eventstore.standing import queues
from eventstore.statements import statement
from eventstore.views import View
from schema.contracts import Page, Projector, Recorded, Standing
from schema.errors import StoreError
from schema.ids import Account, EventId

HEADS = "select account, size from gp.head order by account"
CHECKPOINT = 'select "position" from gp.checkpoint where consumer = %s and account = %s'


class LogReader:
    """Reads accounts, events, rows and views. Every method may raise `DatabaseUnreachable`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._listening = False

    async def accounts(self) -> list[Account]:
        """Return the names of all accounts with a log, in order, `system` included."""
        return list(await self.heads())

    async def heads(self) -> dict[Account, int]:
        """Return account -> number of events in its log."""
        cursor = await self._connection.execute(HEADS)
        return {Account(account): size for account, size in await cursor.fetchall()}

    async def read(
        self,
        account: Account,
        *,
        after: int = -1,
        limit: int = 1000,
        types: Sequence[str] | None = None,
        trace: UUID | None = None,
    ) -> Page:
        """Return events with position > `after`, oldest first, at most `limit`."""
        asked: dict[str, Any] = {"account": account, "after": after, "limit": limit}
        asked["types"] = None if types is None else list(types)
        if trace is None:
            return await read_page(self._connection, page_query(types), asked)
        return await read_page(self._connection, "read_trace", asked | {"trace": trace})

    async def event(self, account: Account, position: int) -> Recorded[Any]:
        """Return the event at this position.

        Raises:
            StoreError: there is none.
        """
        page = await self.read(account, after=position - 1, limit=1)
        if not page.events or page.events[0].position != position:
            raise StoreError(f"no event at position {position} of {account!r}")
        return page.events[0]

    async def by_id(self, account: Account, event_id: EventId) -> Recorded[Any] | None:
        """Return the event with this id, if it is in the log."""
        asked = {"account": account, "event_id": event_id}
        page = await read_page(self._connection, "read_event", asked)
        return page.events[0] if page.events else None

    async def rows(
        self, account: Account, *, after: int = -1, limit: int = 1000
    ) -> list[StoredRow]:
        """Return whole rows as stored, undecoded; oldest first, at most `limit`."""
        asked = {"account": account, "after": after, "limit": limit}
        cursor = self._connection.cursor(binary=True)
        await cursor.execute(statement("audit_rows"), asked)
        return [StoredRow(*row) for row in await cursor.fetchall()]

    async def view_rows(self, projector: Projector[Any], account: Account) -> list[Any]:
        """Return the rows of a read model as far as it has come, by key."""
        return list((await View(projector).load(self._connection, account)).values())

    async def view_count(
        self, projector: Projector[Any], account: Account, column: str, value: str
    ) -> int:
        """Return how many rows of a read model, as far as it has come, have this in a column."""
        return await View(projector).count(self._connection, account, column, value)

    async def view_snapshot(
        self, projector: Projector[Any], account: Account
    ) -> tuple[int, dict[str, Any]]:
        """Return the last position folded and the rows by key, as of one instant."""
        async with self._connection.transaction():
            await self._connection.execute("set transaction isolation level repeatable read")
            cursor = await self._connection.execute(CHECKPOINT, [consumer_of(projector), account])
            reached = await cursor.fetchone()
            rows = await View(projector).load(self._connection, account)
        return (-1 if reached is None else int(reached[0])), rows

    async def queues(self) -> list[Standing]:
        """Return how each work queue stands."""
        return await queues(self._connection)

    async def wait(self, *, timeout_s: float) -> None:
        """Return when something was appended anywhere, or after the timeout."""
        if not self._listening:
            await self._connection.execute(f"listen {CHANNEL}")
            self._listening = True
        async for _ in self._connection.notifies(timeout=timeout_s, stop_after=1):
            return


@asynccontextmanager
async def log_reader(url: str) -> AsyncIterator[LogReader]:
    """Connect for reading; the connection cannot write.

    Raises:
        DatabaseUnreachable: the server is away, or went away meanwhile.
        DatabaseTooOld: it is older than PostgreSQL 15.
    """
    async with connected(url, application_name="ghostproof reading") as connection:
        check_version(connection)
        await connection.execute("set default_transaction_read_only = on")
        yield LogReader(connection)
