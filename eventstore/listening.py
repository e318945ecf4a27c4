"""Waiting for news: NOTIFY wakes, and a poll besides, because a notification may be lost."""

from __future__ import annotations

import asyncio
import contextlib
from weakref import WeakKeyDictionary

from eventstore.connection import Connection, connected
from schema.errors import StoreError

CHANNEL = "ghostproof"
POLL_S = 1.0  # the longest that anything waits for a lost notification


class Listener:
    """One session connection that listens, and everybody who waits for it.

    Each waiting task remembers how much news it has seen, so that what is appended between its
    last read and its next wait wakes it at once.
    """

    def __init__(self, url: str, *, application_name: str) -> None:
        self._url = url
        self._application_name = application_name
        self._news = 0
        self._size = -1
        self._seen: WeakKeyDictionary[asyncio.Task[object], int] = WeakKeyDictionary()
        self._changed = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self._listening = asyncio.Event()

    async def start(self) -> None:
        """Listen; returns once the connection listens, so that nothing later is missed."""
        self._task = asyncio.create_task(self._listen_forever())
        await self._listening.wait()

    async def stop(self) -> None:
        """Close the connection."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def wait(self, *, timeout_s: float) -> None:
        """Return when there is news that this task has not seen, or after the timeout."""
        task = asyncio.current_task()
        if task is None:  # pragma: no cover - a coroutine always runs in a task
            return
        seen = self._seen.get(task, 0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._changed:
                await self._changed.wait_for(lambda: self._news > seen)
        self._seen[task] = self._news

    async def _listen_forever(self) -> None:
        while True:
            with contextlib.suppress(StoreError):
                async with connected(self._url, application_name=self._application_name) as c:
                    await self._listen(c)
            await asyncio.sleep(POLL_S)  # before the next try to connect

    async def _listen(self, connection: Connection) -> None:
        await connection.execute(f"listen {CHANNEL}")
        self._listening.set()
        while True:
            await self._look(connection)
            while await self._heard(connection):
                await self._tell()

    async def _heard(self, connection: Connection) -> bool:
        """Wait for a notification; False when none came for as long as one may be missed."""
        return [n async for n in connection.notifies(timeout=POLL_S, stop_after=1)] != []

    async def _look(self, connection: Connection) -> None:
        cursor = await connection.execute("select coalesce(sum(size), 0) from gp.head")
        (size,) = await cursor.fetchone() or (0,)
        if size != self._size:
            self._size = size
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._news += 1
            self._changed.notify_all()
