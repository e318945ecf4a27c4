"""Watching: in each watchdog slot a worker reports how far every part of the program has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from edge.worker.accounts import Build, say
from edge.worker.loops import Loop
from edge.worker.ticking import slot_of
from projectors.queue import QueueStatus, queue
from schema.contracts import Store
from schema.events.operations import WatchdogReported
from schema.ids import Account, EventId, derive


class Watchdog:
    """Reports for one worker, once a slot and account."""

    def __init__(
        self, store: Store, build: Build, cadence_s: int, loops: Sequence[Loop] = ()
    ) -> None:
        self._store = store
        self._build = build
        self._cadence_s = cadence_s
        self._loops = loops
        self._reported: dict[Account, datetime] = {}

    async def report(
        self, accounts: Sequence[Account], now: datetime
    ) -> list[tuple[Account, EventId]]:
        """Append what is due and return what came into the log by it, with its account.

        The first report comes with the first tick.
        """
        slot, reports = slot_of(now, self._cadence_s), []
        for account in accounts:
            if self._reported.get(account) == slot:
                continue
            name = f"watchdog:{account}:{slot.isoformat()}"
            event_id = EventId(derive(self._build.worker_id, name))
            verdict = await say(self._store, account, await self._report(account), event_id)
            self._reported[account] = slot
            if verdict.code == "ok":
                reports.append((account, event_id))
        return reports

    async def _report(self, account: Account) -> WatchdogReported:
        return WatchdogReported(
            worker_id=self._build.worker_id,
            git_sha=self._build.git_sha,
            log_position=(await self._store.heads())[account],
            lag=await self._store.lag(account),
            backlog=await self._store.backlog(),
            queue_size=await self._store.view_count(queue, account, "status", QueueStatus.QUEUED),
            last_activity=self._activity(),
        )

    def _activity(self) -> dict[str, datetime]:
        """Return when each role last came round."""
        latest: dict[str, datetime] = {}
        for loop in self._loops:
            if loop.last_at is not None:
                latest[loop.role] = max(loop.last_at, latest.get(loop.role, loop.last_at))
        return latest
