"""Signs: whether a worker that saw a flag or a file is still there to see it.

It is gone when it said goodbye, when the kernel says that it died (which only workers of one data
directory can ask), or when it missed several reports of ours. Time is counted in our own reports,
so that neither a wrong clock nor a database that was away ends anybody's hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from edge.worker.holds import Hold
from schema.contracts import Store
from schema.events.operations import PostingStopped, WatchdogReported, WorkerStopped
from schema.ids import Account

REPORTS_MISSED = 3
"""Silent while we reported so often, by default a quarter of an hour: such a worker is gone."""

TYPES = ("worker_stopped", "watchdog_reported", "posting_stopped")


@dataclass
class Signs:
    """Signs of life in one account's log, read from the oldest hold on that we asked about."""

    store: Store
    account: Account
    us: UUID
    died: Callable[[UUID], bool]
    upto: int | None = None
    ours: int = 0
    heard: dict[UUID, int] = field(default_factory=dict)
    ended: set[UUID] = field(default_factory=set)

    async def is_gone(self, hold: Hold) -> bool:
        """Say whether the worker of this hold is gone; a nameless one is nobody who could be."""
        holder = hold.event.held_by
        if holder is None or self.died(holder):
            return True
        await self._read_on(hold.position - 1)
        missed = self.ours - self.heard.get(holder, self.ours)
        return holder in self.ended or missed >= REPORTS_MISSED

    async def _read_on(self, first: int) -> None:
        upto = first if self.upto is None else self.upto
        while True:
            page = await self.store.read(self.account, after=upto, types=TYPES)
            for recorded in page.events:
                self._follow(recorded.event)
            upto = self.upto = max(upto, page.upto)
            if not page.events:
                return

    def _follow(self, event: WorkerStopped | WatchdogReported | PostingStopped) -> None:
        match event:
            case WorkerStopped():
                self.ended.add(event.worker_id)
            case WatchdogReported(worker_id=self.us):
                self.ours += 1
            case WatchdogReported():
                self.heard[event.worker_id] = self.ours
            case PostingStopped(held_by=UUID() as holder):
                self.heard[holder] = self.ours
            case PostingStopped():
                pass
