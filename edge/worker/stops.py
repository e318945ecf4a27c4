"""Stops: the kill switch's three ways in: the log, the settings' flag, and a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

from edge.worker.accounts import say
from schema.contracts import Store
from schema.events.operations import PostingAllowed, PostingStopped, StopSource
from schema.ids import Account, derive

FILE_NAME = "stop-posting"
FLAG_SAYS = "POSTING_DISABLED=true"


class StopWatch:
    """Puts the flag and the file on record, and reads all three again before a click."""

    def __init__(
        self, store: Store, *, flag: bool, file: Path, worker_id: UUID, says: str = FLAG_SAYS
    ) -> None:
        self._store = store
        self._flag = flag
        self._says = says
        self._file = file
        self._worker_id = worker_id
        self._said: dict[tuple[Account, StopSource], bool] = {}
        self._count = 0

    async def why(self, account: Account, *, after: int) -> str | None:
        """Return what forbids clicking now, or None."""
        if self._flag:
            return f"held by a flag: {self._says}"
        if self._file.exists():
            return f"the file {self._file.name} is there"
        page = await self._store.read(account, after=after, types=("posting_stopped",), limit=1)
        return "posting was stopped since the attempt" if page.events else None

    async def announce(self, accounts: Sequence[Account]) -> None:
        """Append what changed of the flag and the file since it was last on record."""
        wanted = {StopSource.FLAG: self._flag, StopSource.FILE: self._file.exists()}
        for account in accounts:
            for source, on in wanted.items():
                if await self._on_record(account, source) != on:
                    await self._say(account, source, on=on)

    async def _on_record(self, account: Account, source: StopSource) -> bool:
        if (account, source) not in self._said:
            self._said |= await self._read(account)
        return self._said[account, source]

    async def _read(self, account: Account) -> dict[tuple[Account, StopSource], bool]:
        stands = dict.fromkeys(((account, source) for source in StopSource), False)
        after = -1
        while True:
            types = ("posting_stopped", "posting_allowed")
            page = await self._store.read(account, after=after, types=types)
            if not page.events:
                return stands
            for recorded in page.events:
                on = isinstance(recorded.event, PostingStopped)
                stands[account, recorded.event.source] = on
            after = page.events[-1].position

    async def _say(self, account: Account, source: StopSource, *, on: bool) -> None:
        event_class = PostingStopped if on else PostingAllowed
        why = self._says if source is StopSource.FLAG else FILE_NAME
        self._count += 1
        event_id = derive(self._worker_id, f"{source}:{account}:{on}", self._count)
        await say(self._store, account, event_class(source=source, why=why, by="worker"), event_id)
        self._said[account, source] = on
