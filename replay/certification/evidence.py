"""What a certification must know of a log, as it stood at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from replay.stops import Stops
from schema.catalogue import type_of
from schema.contracts import Recorded
from schema.events.operations import PostingAllowed, PostingStopped, SettingsChanged
from schema.landmarks import LANDMARKS
from schema.rules import Rules

QUEUE_MOVES = (
    "candidate_queued",
    "candidate_selected",
    "candidate_released",
    "candidate_rejected",
    "candidate_expired",
)
LATELY = (
    "watchdog_reported",
    "fetch_started",
    "fetch_completed",
    "scheduler_started",
    "slot_closed",
    "permit_created",
)
"""Types that count within a window of time, and of which the newest is told if it is older."""

CERTIFIED_TYPES = (*LANDMARKS, *QUEUE_MOVES, *LATELY)
"""The types that `Evidence.see` wants."""

LEAVES_THE_QUEUE = frozenset({"candidate_selected", "candidate_rejected", "candidate_expired"})


class Evidence:
    """The events of interest by type, the queue, the stops, and the rules in force."""

    def __init__(self) -> None:
        self.of: dict[str, list[Recorded[Any]]] = {name: [] for name in CERTIFIED_TYPES}
        self.waiting: dict[UUID, Recorded[Any]] = {}
        self.rules = Rules()
        self.stopped = Stops()
        self._items: dict[UUID, Recorded[Any]] = {}

    def see(self, recorded: Recorded[Any]) -> None:
        """Take the next event of the log into account."""
        if recorded.type != "ghost_detected" and type_of(recorded.event) != recorded.type:
            return  # erased: nobody can say what it said, but a ghost stays a ghost
        self.of.setdefault(recorded.type, []).append(recorded)
        match recorded.event:
            case SettingsChanged(rules=rules):
                self.rules = rules
            case PostingStopped() | PostingAllowed():
                self.stopped.see(recorded.event)
            case _:
                self._queue(recorded)

    @property
    def stops(self) -> list[str]:
        """The sources that hold the kill switch on."""
        return self.stopped.sources

    def _queue(self, recorded: Recorded[Any]) -> None:
        if recorded.type not in QUEUE_MOVES:
            return
        item = recorded.event.queue_id
        if recorded.type == "candidate_queued":
            self._items[item] = self.waiting[item] = recorded
        elif recorded.type == "candidate_released" and item in self._items:
            self.waiting[item] = self._items[item]
        elif recorded.type in LEAVES_THE_QUEUE:
            self.waiting.pop(item, None)

    def live_items(self, at: datetime) -> list[Recorded[Any]]:
        """Return what waits in the queue and has not run out of time."""
        return [one for one in self.waiting.values() if one.event.expires_at > at]

    def within(self, name: str, at: datetime, window: timedelta) -> list[Recorded[Any]]:
        """Return the events of a type in the window that ends at this time."""
        return [one for one in self.of.get(name, []) if at - window < one.at <= at]

    def since(self, name: str, position: int) -> list[Recorded[Any]]:
        """Return the events of a type from this position on."""
        return [one for one in self.of[name] if one.position >= position]

    def newest(self, names: Iterable[str]) -> list[Recorded[Any]]:
        """Return the newest event of these types, in a list; an empty one if there is none."""
        seen = [one for name in names for one in self.of.get(name, [])]
        return sorted(seen, key=lambda one: one.position)[-1:]
