"""Read from a log what a certification must know: the landmarks, and what is recent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from replay.certification.evidence import LATELY, QUEUE_MOVES, Evidence
from replay.moment import Moment, written
from replay.reading import between, first_since, newest
from replay.source import Log
from schema.contracts import Recorded
from schema.errors import BadInput
from schema.ids import Account
from schema.landmarks import LANDMARKS
from schema.rules import QueueRules

TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A log as it stood at a time: the events that had happened by then are the first `size`."""

    at: datetime
    size: int


async def place_of(store: Log, account: Account, moment: Moment, now: datetime) -> Place:
    """Find the moment in an account's log; `now` is the clock's.

    Raises:
        BadInput: the moment is still to come.
    """
    head = (await store.heads())[account]
    if moment.position is not None:
        if moment.position >= head:
            message = f"no position {moment.position} in the log of {account}"
            raise BadInput(message, remedy=_until(head))
        return Place((await store.event(account, moment.position)).at, moment.position + 1)
    if head:  # the database's clock may be ahead of ours
        now = max(now, (await store.event(account, head - 1)).at)
    if moment.at is None:
        return Place(now, head)
    if moment.at > now:
        message = f"{written(moment.at)} is in the future"
        raise BadInput(message, remedy=f"give a time up to now ({written(now)}), or none")
    return Place(moment.at, await first_since(store, account, Moment(at=moment.at + TICK), head))


def _until(head: int) -> str:
    return f"it has {head} events: 0 to {head - 1}" if head else "it has no events yet"


async def gathered(
    store: Log, account: Account, place: Place, window: timedelta, lately: Sequence[str] = LATELY
) -> Evidence:
    """Read the landmarks, the queue's moves within an item's life, and the window."""
    seen = await between(store, account, tuple(LANDMARKS), 0, place.size)
    life = await _first(store, account, place, _longest_life(seen))
    seen += await between(store, account, QUEUE_MOVES, life, place.size)
    begin = await _first(store, account, place, window)
    recent = await between(store, account, lately, begin, place.size)
    for name in sorted({*lately} - {one.type for one in recent}):
        seen += await newest(store, account, name, begin)
    evidence = Evidence()
    for recorded in sorted([*seen, *recent], key=lambda one: one.position):
        evidence.see(recorded)
    return evidence


async def _first(store: Log, account: Account, place: Place, back: timedelta) -> int:
    return await first_since(store, account, Moment(at=place.at - back), place.size)


def _longest_life(landmarks: Sequence[Recorded[Any]]) -> timedelta:
    """Return how long an item of the queue may have lived, under any rules there ever were."""
    rules = [one.event.rules.queue for one in landmarks if hasattr(one.event, "rules")]
    return timedelta(hours=max(one.expires_h for one in [QueueRules(), *rules]))
