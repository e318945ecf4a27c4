"""I21, I22 and I37: the log itself is gapless, in order and understood."""

from __future__ import annotations

from datetime import datetime

from replay.entry import Entry
from replay.invariants.check import Check
from schema.catalogue import VERSIONS


class PositionsAreGapless(Check):
    """Counts from 0; times never go back and causes come first."""

    id = "I21"
    says = "positions are gapless, times never go back, causes come first"

    def __init__(self) -> None:
        super().__init__()
        self._next = 0
        self._last_at: datetime | None = None

    def _see(self, entry: Entry) -> None:
        why = self._fault(entry)
        self.expect(why == "", entry.position, why)
        self._next = entry.position + 1
        self._last_at = entry.at

    def reach(self, head: int) -> None:
        """Compare what was seen with the number of events that the log claims."""
        self.expect(self._next == head, self._next, f"{self._next} events, the head says {head}")

    def _fault(self, entry: Entry) -> str:
        if entry.position != self._next:
            return f"position {entry.position} where {self._next} is next"
        if self._last_at is not None and entry.at < self._last_at:
            return f"recorded at {entry.at}, after {self._last_at}"
        earlier = [place for place in (entry.cause, entry.spends) if place is not None]
        return "" if all(place < entry.position for place in earlier) else "names a later event"


class IdsAreUnique(Check):
    """Keeps ids as bytes, to hold millions."""

    id = "I22"
    says = "no event id is used twice"

    def __init__(self) -> None:
        super().__init__()
        self._ids: set[bytes] = set()

    def _see(self, entry: Entry) -> None:
        raw = entry.event_id.bytes
        why = f"{entry.event_id} is used twice" if raw in self._ids else ""
        self.expect(why == "", entry.position, why)
        self._ids.add(raw)


class TypesAreKnown(Check):
    """A body that does not decode is as unknown as a type without a class."""

    id = "I37"
    says = "every event's type and version are known, and its body fits"

    def _see(self, entry: Entry) -> None:
        why = entry.unreadable
        if not why and entry.version > VERSIONS.get(entry.type, 0):
            why = f"unknown type {entry.type} version {entry.version}"
        self.expect(why == "", entry.position, why)
