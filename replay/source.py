"""What replay asks of a log: reading, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from schema.contracts import Page, Projector, Recorded
from schema.ids import Account, EventId


class Log(Protocol):
    """The reading half of a store. Every method may raise `DatabaseUnreachable`."""

    async def accounts(self) -> list[Account]:
        """Return the names of all accounts with a log, in order, `system` included."""

    async def heads(self) -> dict[Account, int]:
        """Return account -> number of events in its log."""

    async def read(
        self,
        account: Account,
        *,
        after: int = -1,
        limit: int = 1000,
        types: Sequence[str] | None = None,
        trace: UUID | None = None,
    ) -> Page:
        """Return events with position > `after`, oldest first, at most `limit`."""

    async def event(self, account: Account, position: int) -> Recorded[Any]:
        """Return the event at this position."""

    async def by_id(self, account: Account, event_id: EventId) -> Recorded[Any] | None:
        """Return the event with this id, if it is in the log."""


class GrowingLog(Log, Protocol):
    """A log that says when it grows."""

    async def wait(self, *, timeout_s: float) -> None:
        """Return when something was appended anywhere, or after the timeout."""


class LogWithViews(Log, Protocol):
    """A log beside which read models are kept."""

    async def view_snapshot(
        self, projector: Projector[Any], account: Account
    ) -> tuple[int, dict[str, Any]]:
        """Return the last position folded and the rows by key, as of one instant."""
