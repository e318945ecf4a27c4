"""The events that caused others, followed back to where the chain of causes begins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from replay.source import Log
from schema.contracts import Recorded
from schema.ids import Account

CAUSES_MAX = 500  # a chain has a dozen; more means a log that no rule wrote


async def with_causes(
    store: Log, account: Account, events: Iterable[Recorded[Any]]
) -> list[Recorded[Any]]:
    """Return the events and, from outside, everything that led to them, by position."""
    known = {recorded.position: recorded for recorded in events}
    waiting = [recorded.cause for recorded in known.values()]
    while waiting and len(known) < CAUSES_MAX:
        position = waiting.pop()
        if position is None or position in known:
            continue
        known[position] = await store.event(account, position)
        waiting.append(known[position].cause)
    return [known[position] for position in sorted(known)]
