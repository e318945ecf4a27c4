"""Fold a projector over events again, in memory, as if for the first time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import msgspec

from replay.moment import NOW, Moment
from replay.reading import walk
from replay.source import Log
from schema.contracts import Projector, Recorded
from schema.events.base import tag_of
from schema.ids import Account

Row = TypeVar("Row", bound=msgspec.Struct)


class Folding(Generic[Row]):
    """The rows of one projector as far as it has been fed."""

    def __init__(self, projector: Projector[Row]) -> None:
        self.projector = projector
        self.rows: dict[str, Row] = {}
        self.upto = -1

    def feed(self, recorded: Recorded[Any]) -> None:
        """Fold one event into its row."""
        self.upto = recorded.position
        if not isinstance(recorded.event, self.projector.hears):
            return
        key = self.projector.key(recorded.event)
        if key is None:
            return
        row = self.projector.evolve(self.rows.get(key), recorded)
        if row is None:
            self.rows.pop(key, None)
        else:
            self.rows[key] = row


def fold(projector: Projector[Row], events: Iterable[Recorded[Any]]) -> dict[str, Row]:
    """Return the rows that these events make, by key."""
    folding = Folding(projector)
    for recorded in events:
        folding.feed(recorded)
    return folding.rows


async def fold_log(
    projector: Projector[Row], store: Log, account: Account, *, until: Moment = NOW
) -> dict[str, Row]:
    """Return the rows as they were at the moment, in the order of their first event."""
    folding = Folding(projector)
    types = heard_types(projector)
    async for recorded in walk(store, account, types=types, until=until):
        folding.feed(recorded)
    return folding.rows


def heard_types(projector: Projector[Any]) -> tuple[str, ...]:
    """Return the wire names of what the projector hears."""
    return tuple(tag_of(event.__name__) for event in projector.hears)
