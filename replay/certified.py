"""What a certification must know of a log, gathered in one pass over the events that matter."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from replay.permit_story import STATUS_AFTER
from schema.contracts import Recorded
from schema.events.operations import SettingsChanged
from schema.rules import Rules

CERTIFIED_TYPES = tuple(
    {
        *STATUS_AFTER,
        "worker_started",
        "watchdog_reported",
        "settings_changed",
        "fetch_started",
        "fetch_completed",
        "candidate_found",
        "candidate_evaluated",
        "candidate_queued",
        "candidate_selected",
        "candidate_released",
        "candidate_rejected",
        "candidate_expired",
        "scheduler_started",
        "slot_closed",
        "decision_made",
        "draft_accepted",
        "ghost_detected",
        "ghost_acknowledged",
        "manual_post_attested",
        "click_blocked",
    }
)
"""The types that `Evidence.see` wants."""

LEAVES_THE_QUEUE = frozenset({"candidate_selected", "candidate_rejected", "candidate_expired"})


class Evidence:
    """The events of interest by type, the queue, and the rules in force."""

    def __init__(self) -> None:
        self.of: dict[str, list[Recorded[Any]]] = {name: [] for name in CERTIFIED_TYPES}
        self.waiting: dict[UUID, Recorded[Any]] = {}
        self.rules = Rules()
        self.chains: dict[UUID, list[Recorded[Any]]] = defaultdict(list)
        self._items: dict[UUID, Recorded[Any]] = {}

    def see(self, recorded: Recorded[Any]) -> None:
        """Take the next event of the log into account."""
        self.of[recorded.type].append(recorded)
        if isinstance(recorded.event, SettingsChanged):
            self.rules = recorded.event.rules
        self.chains[recorded.trace].append(recorded)
        item = getattr(recorded.event, "queue_id", None)
        if item is not None:
            self._queue(item, recorded)

    def _queue(self, item: UUID, recorded: Recorded[Any]) -> None:
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
        return [one for one in self.of[name] if at - window < one.at <= at]

    def since(self, name: str, position: int) -> list[Recorded[Any]]:
        """Return the events of a type from this position on."""
        return [one for one in self.of[name] if one.position >= position]
