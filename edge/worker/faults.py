"""Faults: an exception that nobody foresaw is put on record, bounded, even without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from msgspec.structs import replace

from edge.clock import Clock
from edge.logs import masked_text
from edge.performers.spool import Spool
from edge.worker.accounts import say
from schema.contracts import NewEvent, Store
from schema.errors import StoreError
from schema.events.operations import UnhandledException
from schema.ids import Account, EventId, derive
from schema.text import storable

MESSAGE_CHARS_MAX = 500
"""A message may quote a whole page."""

SAID_EVERY = timedelta(seconds=60)
"""The same kind at the same place is said this often, with the count of the times in between."""

log = structlog.get_logger("worker")


@dataclass
class Repeated:
    """When a fault was last said, and what came of it since."""

    said_at: datetime
    since: UnhandledException | None = None


class Faults:
    """The faults of one process; remembers each for as long as it comes again."""

    def __init__(self, store: Store, clock: Clock, spool: Spool, worker_id: UUID) -> None:
        self._store = store
        self._clock = clock
        self._spool = spool
        self._worker_id = worker_id
        self._known: dict[tuple[Account, str, str], Repeated] = {}
        self._count = 0

    async def note(self, account: Account, where: str, error: Exception) -> None:
        """Say the fault, or count it when it was said within the last minute."""
        event = unhandled(where, error)
        known = self._known.get((account, where, event.kind))
        if known is None:
            self._known[account, where, event.kind] = Repeated(self._clock.now())
            await self._say(account, event)
            return
        times = known.since.count if known.since else 0
        known.since = replace(event, count=times + 1)
        await self.repeat()

    async def repeat(self) -> None:
        """Say what came again, once its minute is over; forget what did not."""
        now = self._clock.now()
        for key, known in list(self._known.items()):
            if now - known.said_at < SAID_EVERY:
                continue
            if known.since is None:
                del self._known[key]
                continue
            event, known.since, known.said_at = known.since, None, now
            await self._say(key[0], event)

    async def _say(self, account: Account, event: UnhandledException) -> None:
        log.error("unhandled exception", where=event.where, kind=event.kind, error=event.message)
        self._count += 1
        event_id = derive(self._worker_id, "unhandled_exception", self._count)
        try:
            await say(self._store, account, event, event_id)
        except StoreError:
            await self._spool.keep(account, NewEvent(EventId(event_id), event))


def unhandled(where: str, error: Exception) -> UnhandledException:
    """Make the event of an exception: what can be stored, cut, and without credentials."""
    message = storable(masked_text(f"{error}"))[:MESSAGE_CHARS_MAX]
    return UnhandledException(where=where, kind=type(error).__name__, message=message)
