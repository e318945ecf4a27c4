"""Rows: what a view shows after some facts. A `timedelta` among them lets time pass."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from replay.folding import fold
from schema.catalogue import type_of
from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.ids import EventId, Trace, named
from tests.handlers.given import ME, NOON


def rows(view: Projector[Any], *facts: Event | timedelta) -> list[Any]:
    """Return the rows in the order of their first event."""
    now, log = NOON, list[Recorded[Any]]()
    for fact in facts:
        if isinstance(fact, timedelta):
            now += fact
            continue
        event_id = EventId(named("row", str(len(log))))
        log.append(
            Recorded(
                account=ME,
                position=len(log),
                event_id=event_id,
                trace=Trace(fact.chain() or event_id),
                at=now,
                event=fact,
                type=type_of(fact),
            )
        )
    return list(fold(view, log).values())


def row(view: Projector[Any], *facts: Event | timedelta) -> Any:
    """Return the only row."""
    [only] = rows(view, *facts)
    return only
