"""The event store in PostgreSQL, as the worker, the performers and replay use it."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from eventstore import leasing, reading_on, restoring, standing
from eventstore.appending import Appender
from eventstore.calls import prepare
from eventstore.connection import Pool
from eventstore.handling import run_handler
from eventstore.listening import Listener
from eventstore.log_reading import LogReader
from eventstore.projecting import run_projector
from eventstore.rebuilding import Progress, rebuild_handler, rebuild_view
from eventstore.statements import statement
from schema.contracts import BATCH, Command, Handler, Lease, Page, Projector, Recorded, Row, Verdict
from schema.ids import Account, EventId

TYPES = """select distinct type from gp.log
where account = %s and "position" > %s and "position" <= %s"""


class PostgresStore:
    """Implements `schema.contracts.Store`. Use it as an async context manager."""

    def __init__(self, url: str, *, approver_url: str | None = None) -> None:
        self._pool = Pool(url, application_name="ghostproof")
        self._approvers = self._pool
        if approver_url is not None:
            self._approvers = Pool(approver_url, application_name="ghostproof approver")
        self._listener = Listener(url, application_name="ghostproof listener")
        self._appenders: dict[tuple[Account, bool], Appender] = {}
        self.refusals: Counter[str] = Counter()
        """Commands that the log refused to this process, by code."""

    async def __aenter__(self) -> Self:
        """Connect; what was opened is closed again where the rest cannot be.

        Raises:
            DatabaseUnreachable: the server is away.
            DatabaseTooOld: it is older than PostgreSQL 15.
        """
        try:
            for pool in self._pools():
                await pool.start()
            await self._listener.start()
        except BaseException:
            await self._disconnect()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let appends under way end, then close every connection."""
        for appender in self._appenders.values():
            await appender.drain()
        await self._disconnect()

    async def accounts(self) -> list[Account]:
        """Names of all accounts with a log, in order, `system` included."""
        return list(await self.heads())

    async def open_account(self, account: Account) -> None:
        """Make an empty log for the account; nothing happens if it is there."""
        async with self._pool.session() as connection:
            await connection.execute("select gp.open_account(%s)", [account])

    async def heads(self) -> dict[Account, int]:
        """Account -> number of events in its log."""
        async with self._reader() as log:
            return await log.heads()

    async def types(self, account: Account, *, after: int, upto: int) -> frozenset[str]:
        """Wire names of the types of all events with `after` < position <= `upto`."""
        async with self._pool.session() as connection:
            cursor = await connection.execute(TYPES, [account, after, upto])
            return frozenset(name for (name,) in await cursor.fetchall())

    async def append(
        self, account: Account, commands: Sequence[Command], *, actor: str, approver: bool = False
    ) -> list[Verdict]:
        """Append each command or refuse it; a verdict each. Durable when it returns."""
        prepared = prepare(commands, actor)
        if not prepared:
            return []
        key = (account, approver)
        if key not in self._appenders:
            pool = self._approvers if approver else self._pool
            self._appenders[key] = Appender(pool, account, approver=approver)
        return self._counted(await self._appenders[key].append(prepared))

    async def read(
        self,
        account: Account,
        *,
        after: int = -1,
        limit: int = 1000,
        types: Sequence[str] | None = None,
        trace: UUID | None = None,
    ) -> Page:
        """Events with position > `after`, oldest first, at most `limit`."""
        async with self._reader() as log:
            return await log.read(account, after=after, limit=limit, types=types, trace=trace)

    async def event(self, account: Account, position: int) -> Recorded[Any]:
        """Return the event at this position."""
        async with self._reader() as log:
            return await log.event(account, position)

    async def by_id(self, account: Account, event_id: EventId) -> Recorded[Any] | None:
        """Return the event with this id, if it is in the log."""
        async with self._reader() as log:
            return await log.by_id(account, event_id)

    async def leaves(self, account: Account, *, after: int, limit: int) -> list[bytes]:
        """Leaves of the events with position > `after`, in order, at most `limit`."""
        asked = {"account": account, "after": after, "limit": limit}
        async with self._pool.session() as connection:
            cursor = await connection.execute(statement("leaves"), asked)
            return [leaf for (leaf,) in await cursor.fetchall()]

    async def run_handler(
        self, handler: Handler, account: Account, *, batch: int = BATCH
    ) -> int | None:
        """Let the handler consume one batch in one transaction; returns events consumed."""
        pool = self._approvers if handler.approver else self._pool
        return await run_handler(pool, handler, account, limit=batch, refusals=self.refusals)

    async def run_projector(self, projector: Projector[Any], account: Account) -> int | None:
        """Fold one batch into rows in one transaction; returns events consumed."""
        return await run_projector(self._pool, projector, account)

    async def begin_at_the_end(self, consumer: str, account: Account) -> None:
        """Let a consumer that is new to this log begin with what comes from now on."""
        await reading_on.begin_at_the_end(self._pool, consumer, account)

    async def read_on(
        self, consumer: str, account: Account, types: Sequence[str]
    ) -> Sequence[Recorded[Any]]:
        """Return the next events of these types, to one reader alone, and at most once."""
        return await reading_on.read_on(self._pool, consumer, account, types)

    async def rebuild_handler(self, handler: Handler, account: Account) -> int:
        """Fold a handler's states again from the log; returns events folded."""
        pool = self._approvers if handler.approver else self._pool
        return await rebuild_handler(pool, handler, account)

    async def rebuild_view(
        self, projector: Projector[Any], account: Account, *, progress: Progress | None = None
    ) -> int:
        """Fold a view's rows again, in place of the live ones; returns events folded."""
        return await rebuild_view(self._pool, projector, account, progress)

    async def view_rows(self, projector: Projector[Row], account: Account) -> list[Row]:
        """Return the rows of a read model as far as it has come, in the order of their keys."""
        async with self._reader() as log:
            return await log.view_rows(projector, account)

    async def view_count(
        self, projector: Projector[Any], account: Account, column: str, value: str
    ) -> int:
        """Return how many rows of a read model, as far as it has come, have this in a column."""
        async with self._reader() as log:
            return await log.view_count(projector, account, column, value)

    async def lag(self, account: Account) -> dict[str, int]:
        """Consumer -> events of the account's log that it has not looked at yet."""
        return await standing.lag(self._pool, account)

    async def backlog(self) -> dict[str, int]:
        """Queue -> orders that wait or are at work, of all accounts."""
        return await standing.backlog(self._pool)

    async def restore(
        self, account: Account, orders: Sequence[tuple[str, int]], *, size: int
    ) -> dict[str, int] | None:
        """Send the account's orders (queue, position) that have no message; how many by queue.

        None when the log has another size by now: an order may have ended since it was read.
        """
        return await restoring.restore(self._pool, account, orders, size=size)

    async def requeue(
        self, account: Account, order: tuple[str, int], command: Command, *, actor: str
    ) -> Verdict:
        """Append the command and send the order (queue, position), in one transaction."""
        return await restoring.requeue(self._pool, account, order, command, actor=actor)

    async def erase(self, account: Account, position: int) -> bool:
        """Empty a body that a `payload_erased` event names; False when it was empty already.

        Raises:
            AppendRefused: GP001, no such event names the position.
        """
        async with self._approvers.session() as connection:
            cursor = await connection.execute("select gp.erase(%s, %s)", [account, position])
            return await cursor.fetchone() == (True,)

    async def take(self, queue: str, *, lease_s: int) -> Lease | None:
        """Take the next order of a queue, in a transaction of its own."""
        return await leasing.take(self._pool, queue, lease_s=lease_s)

    async def extend(self, lease: Lease, *, lease_s: int) -> bool:
        """Keep the lease longer; False when another has taken it."""
        return await leasing.extend(self._pool, lease, lease_s=lease_s)

    async def close(
        self, lease: Lease, commands: Sequence[Command], *, actor: str
    ) -> list[Verdict] | None:
        """Append what came of the order and delete the message; None when the lease was lost."""
        verdicts = await leasing.close(self._pool, lease, commands, actor=actor)
        return None if verdicts is None else self._counted(verdicts)

    async def park(self, lease: Lease, *, last_error: str, actor: str) -> None:
        """Set the order aside as `message_parked` and archive the message."""
        await leasing.park(self._pool, lease, last_error=last_error, actor=actor)

    async def wait(self, *, timeout_s: float) -> None:
        """Return when something was appended anywhere, or after the timeout."""
        await self._listener.wait(timeout_s=timeout_s)

    @asynccontextmanager
    async def _reader(self) -> AsyncIterator[LogReader]:
        async with self._pool.session() as connection:
            yield LogReader(connection)

    async def _disconnect(self) -> None:
        await self._listener.stop()
        for pool in self._pools():
            await pool.stop()

    def _counted(self, verdicts: list[Verdict]) -> list[Verdict]:
        self.refusals.update(verdict.code for verdict in verdicts if not verdict.stands)
        return verdicts

    def _pools(self) -> list[Pool]:
        return [self._pool] if self._approvers is self._pool else [self._pool, self._approvers]
