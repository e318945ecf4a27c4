"""Outdated: a worker that cannot read what a newer build says leaves the work to that build.

Its rules would stand still and its performers would give orders back until they are parked, while
the newer build could do all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from edge.worker.accounts import Build
from schema.builds import same_build
from schema.contracts import Store
from schema.errors import MalformedEvent, Outdated, UnknownEvent
from schema.ids import Account

UNREADABLE = (MalformedEvent, UnknownEvent, msgspec.ValidationError)
"""An event, or a rule's own state, of which this build does not know every part."""


@dataclass(frozen=True)
class Succession:
    """Knows whether another build came after this one."""

    store: Store
    build: Build

    async def refuse(self, account: Account, error: Exception) -> None:
        """Raise `Outdated` if what cannot be read may be a later build's; else do nothing."""
        if isinstance(error, UNREADABLE) and (later := await self._later(account)):
            raise Outdated(
                f"build {later} started after this one ({self.build.git_sha}) and says what this "
                f"one cannot read: {error}",
                remedy=f"start build {later} in this one's place; orders wait for it",
            ) from error

    async def _later(self, account: Account) -> str | None:
        """Return another build that started after this worker did, None if none did."""
        found, after, ours = None, -1, False
        while True:
            try:
                page = await self.store.read(account, after=after, types=("worker_started",))
            except UNREADABLE:
                return "of an unknown name"
            if not page.events:
                return found
            for recorded in page.events:
                after, started = recorded.position, recorded.event
                ours = ours or started.worker_id == self.build.worker_id
                if ours and not same_build(started.git_sha, self.build.git_sha):
                    found = str(started.git_sha)
