"""Telling: what happens is told on the console as it is recorded, once whoever recorded it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol, get_args
from uuid import UUID

import structlog

from edge.lines import EARLIER, Line, Told, lines_of
from edge.logs import LINE
from schema.contracts import Page, Recorded
from schema.events.base import tag_of
from schema.events.drafting import DraftAccepted
from schema.ids import Account

CONSUMER = "console"
Tell = Callable[[Line, Recorded[Any]], None]
TYPES = tuple(sorted(tag_of(kind.__name__) for kind in get_args(Told)))


class Following(Protocol):
    """The part of the event store that telling needs."""

    async def begin_at_the_end(self, consumer: str, account: Account) -> None:
        """Let a new consumer begin with what comes from now on."""

    async def read_on(
        self, consumer: str, account: Account, types: Sequence[str]
    ) -> Sequence[Recorded[Any]]:
        """Return what is next of these types, to one reader alone."""

    async def read(
        self, account: Account, *, types: Sequence[str] | None = None, trace: UUID | None = None
    ) -> Page:
        """Events of the trace, oldest first."""


class Telling:
    """Tells of some accounts. Workers side by side share the telling between them."""

    def __init__(
        self, store: Following, accounts: Sequence[Account], told: Tell | None = None
    ) -> None:
        """Tell of these accounts, to the log unless to somebody else (`told`)."""
        self._store = store
        self._accounts = accounts
        self._tell = told or tell
        self._begun = False

    async def round(self) -> int:
        """Tell what is new; returns of how many events."""
        if not self._begun:
            await self.begin()
        told = 0
        for account in self._accounts:
            for recorded in await self._store.read_on(CONSUMER, account, TYPES):
                for line in await self._lines(recorded):
                    self._tell(line, recorded)
                told += 1
        return told

    async def begin(self) -> None:
        """Leave alone what was recorded before anybody told of it."""
        for account in self._accounts:
            await self._store.begin_at_the_end(CONSUMER, account)
        self._begun = True

    async def _lines(self, recorded: Recorded[Any]) -> list[Line]:
        if not isinstance(recorded.event, Told):
            return []  # its body was erased meanwhile
        if not isinstance(recorded.event, DraftAccepted):
            return lines_of(recorded.event)
        found = await self._store.read(recorded.account, types=EARLIER, trace=recorded.trace)
        return lines_of(recorded.event, found.events)


def tell(line: Line, recorded: Recorded[Any] | None = None) -> None:
    """Put a line on the console, or the same as fields into a JSON log."""
    where: dict[str, Any] = {}
    if recorded is not None:
        where = {"account": recorded.account, "position": recorded.position}
    structlog.get_logger("operations").info(line.text, **{LINE: line.part}, **line.fields, **where)
