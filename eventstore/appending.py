"""Group commit: appends that arrive while the last commit is under way are sent as one call."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from eventstore.calls import Prepared
from eventstore.connection import Pool
from eventstore.sending import send, send_each, split
from eventstore.translating import sent_wrong
from schema.contracts import Verdict

EVENTS_MAX = 1000  # a call; beyond it the gain per event is gone and the lock is held long
BYTES_MAX = 8_000_000  # a call


@dataclass(frozen=True, slots=True, eq=False)
class Waiting:
    """One caller's commands, and where the verdicts go."""

    commands: Sequence[Prepared]
    verdicts: asyncio.Future[list[Verdict]]


class Appender:
    """Appends of one process to one account by one role, gathered."""

    def __init__(self, pool: Pool, account: str, *, approver: bool) -> None:
        self._pool = pool
        self._account = account
        self._approver = approver
        self._waiting: deque[Waiting] = deque()
        self._flush: asyncio.Task[None] | None = None

    async def append(self, commands: Sequence[Prepared]) -> list[Verdict]:
        """Append the commands; a verdict each. Durable when it returns."""
        waiting = Waiting(commands, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if self._flush is None or self._flush.done():
            self._flush = asyncio.create_task(self._flush_all())
        return await waiting.verdicts

    async def drain(self) -> None:
        """Wait until everything handed in has its verdict."""
        if self._flush is not None:
            await self._flush

    async def _flush_all(self) -> None:
        while self._waiting:
            batch = self._gather()
            try:
                apart = await self._together(batch)
            except BaseException as error:  # each caller gets it, none is left waiting
                _fail(batch, error)
                if not isinstance(error, Exception):
                    raise
            else:
                for waiting in apart:
                    await self._alone(waiting)

    async def _together(self, batch: list[Waiting]) -> list[Waiting]:
        """Send a batch as one call; returns whose commands must be sent each by themselves."""
        commands = [command for waiting in batch for command in waiting.commands]
        if len(split(commands)) > 1:
            return batch
        async with self._pool.session() as connection:
            try:
                verdicts = await send(connection, self._account, commands, approver=self._approver)
            except psycopg.Error as error:
                if sent_wrong(error):
                    return batch
                raise
        _deliver(batch, verdicts)
        return []

    async def _alone(self, waiting: Waiting) -> None:
        try:
            async with self._pool.session() as connection:
                verdicts = await send_each(
                    connection, self._account, waiting.commands, approver=self._approver
                )
        except BaseException as error:
            _fail([waiting], error)
            if not isinstance(error, Exception):
                raise
        else:
            _deliver([waiting], verdicts)

    def _gather(self) -> list[Waiting]:
        batch = [self._waiting.popleft()]
        events, size = _weight(batch[0])
        while self._waiting and not _clicks(batch[-1]) and not _clicks(self._waiting[0]):
            more_events, more_size = _weight(self._waiting[0])
            events, size = events + more_events, size + more_size
            if events > EVENTS_MAX or size > BYTES_MAX:
                break
            batch.append(self._waiting.popleft())
        return batch


def _weight(waiting: Waiting) -> tuple[int, int]:
    events = [event for command in waiting.commands for event in command.events]
    return len(events), sum(len(event.body) for event in events)


def _clicks(waiting: Waiting) -> bool:
    return any(command.clicks for command in waiting.commands)


def _deliver(batch: list[Waiting], verdicts: list[Verdict]) -> None:
    start = 0
    for waiting in batch:
        end = start + len(waiting.commands)
        if not waiting.verdicts.done():  # its caller may have been cancelled
            waiting.verdicts.set_result(verdicts[start:end])
        start = end


def _fail(batch: list[Waiting], error: BaseException) -> None:
    for waiting in batch:
        if waiting.verdicts.done():
            continue
        if isinstance(error, Exception):
            waiting.verdicts.set_exception(error)
        else:
            waiting.verdicts.cancel()
