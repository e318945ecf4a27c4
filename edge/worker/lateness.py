"""Lateness: clicks that left after their budget are put on record from the gate's journal.

A process paused between the last look and the send is late, and no check can prevent it. The gate
measures after each send; this reads what it measured, also when the worker of that click is gone.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from uuid import UUID

from edge.gate.journal import Journal
from edge.worker.accounts import ACTOR
from edge.worker.ticking import slot_of
from schema.contracts import Command, NewEvent, Store
from schema.events.base import permit_ids
from schema.events.posting import LateClickDetected
from schema.ids import Account, EventId, derive


class Lateness:
    """Looks once a slot through what the gates of these accounts have finished."""

    def __init__(self, store: Store, sessions: Path, cadence_s: int) -> None:
        """Read the journals below `sessions`, a folder for each account."""
        self._store = store
        self._sessions = sessions
        self._cadence_s = cadence_s
        self._looked: datetime | None = None
        self._done: set[Path] = set()

    async def look(self, now: datetime) -> None:
        """Append `late_click_detected` for each late click; a second time changes nothing."""
        slot = slot_of(now, self._cadence_s)
        if slot == self._looked:
            return
        for path, late_ms in await asyncio.to_thread(self._finished):
            permit_id = _permit_of(path)
            if late_ms and permit_id is not None:
                account = Account(path.relative_to(self._sessions).parts[0])
                await self._say(account, permit_id, late_ms)
            self._done.add(path)
        self._looked = slot

    def _finished(self) -> list[tuple[Path, int]]:
        """Return the journal files that nothing changes any more, and how late each click was."""
        found = []
        for path in set(self._sessions.glob("*/gate/journal/*.jsonl")) - self._done:
            seen = Journal(path.parent).read(path.stem)
            if seen is not None and (seen.final or seen.late_ms):
                found.append((path, seen.late_ms))
        return found

    async def _say(self, account: Account, permit_id: UUID, late_ms: int) -> None:
        attempt_id = EventId(derive(permit_id, "click_attempt"))
        attempt = await self._store.by_id(account, attempt_id)
        if attempt is None:
            return
        ids = permit_ids(attempt.event)
        event = LateClickDetected(**ids, attempt=attempt_id, late_ms=late_ms)
        event_id = EventId(derive(attempt_id, "late_click_detected"))
        new = NewEvent(event_id, event, cause=attempt_id)
        await self._store.append(account, [Command((new,))], actor=ACTOR)


def _permit_of(path: Path) -> UUID | None:
    """Return the permit whose request a journal file is about, None for a log-in: it has none."""
    try:
        return UUID(path.stem)
    except ValueError:
        return None
