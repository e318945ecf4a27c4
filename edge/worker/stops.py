"""Stops: the kill switch's three ways in: the log, the settings' flag, and a file.

Each worker puts on record what it sees itself, under its own name, and takes back only that, or
what a worker saw that is gone. So a worker started without the flag does not lift another's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from edge.worker.accounts import say
from edge.worker.holds import Hold, Holds
from edge.worker.signs import Signs
from schema.contracts import Store
from schema.events.operations import PostingAllowed, PostingStopped, StopSource
from schema.ids import Account, derive

FILE_NAME = "stop-posting"
FLAG_SAYS = "POSTING_DISABLED=true"
BY = "worker"
OVER = "taken away, or the worker that saw it is gone"


def nobody_died(_worker_id: UUID) -> bool:
    """Know nothing of other processes."""
    return False


class StopWatch:
    """Puts the flag and the file on record, and reads all three again before a click.

    `died` says of a worker whether it certainly ended; False where that cannot be known.
    """

    def __init__(  # noqa: PLR0913 - the three ways in, and who asks
        self,
        store: Store,
        *,
        flag: bool,
        file: Path,
        worker_id: UUID,
        says: str = FLAG_SAYS,
        died: Callable[[UUID], bool] = nobody_died,
    ) -> None:
        self._store = store
        self._flag = flag
        self._says = says
        self._file = file
        self._worker_id = worker_id
        self._died = died
        self._logs: dict[Account, tuple[Holds, Signs]] = {}
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
        seen = {StopSource.FLAG: self._flag, StopSource.FILE: self._file.exists()}
        for account in accounts:
            holds, signs = self._log(account)
            await holds.read_on()
            standing = list(holds.standing.values())
            ours = [one for one in standing if one.event.held_by == self._worker_id]
            await self._stop(account, seen, {one.event.source for one in ours})
            # after our own, so that nothing is lifted between the two
            for hold in standing:
                if await self._is_over(hold, seen, signs):
                    await self._take_back(hold)

    def _log(self, account: Account) -> tuple[Holds, Signs]:
        if account not in self._logs:
            signs = Signs(self._store, account, self._worker_id, self._died)
            self._logs[account] = Holds(self._store, account), signs
        return self._logs[account]

    async def _stop(
        self, account: Account, seen: dict[StopSource, bool], on_record: set[StopSource]
    ) -> None:
        for source in (source for source, on in seen.items() if on and source not in on_record):
            why = self._says if source is StopSource.FLAG else FILE_NAME
            stop = PostingStopped(source=source, why=why, by=BY, held_by=self._worker_id)
            self._count += 1
            event_id = derive(self._worker_id, f"{source}:{account}", self._count)
            await say(self._store, account, stop, event_id)

    async def _is_over(self, hold: Hold, seen: dict[StopSource, bool], signs: Signs) -> bool:
        """Say whether what stopped posting is gone, or whoever saw it; a person's never is."""
        source, holder = hold.event.source, hold.event.held_by
        if source is StopSource.LOGGED:
            return False
        return not seen[source] if holder == self._worker_id else await signs.is_gone(hold)

    async def _take_back(self, hold: Hold) -> None:
        """End one hold. Several workers may find at once that it is over: they say the same."""
        stop = hold.event
        over = PostingAllowed(source=stop.source, why=OVER, by=BY, held_by=stop.held_by)
        await say(self._store, hold.account, over, derive(hold.event_id, "over"))
