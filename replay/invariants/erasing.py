"""I36: a body is gone only where an erasure names its position."""

from __future__ import annotations

from replay.entry import Entry
from replay.invariants.check import Check


class ErasuresAreNamed(Check):
    """Waits for the log's end: the erasure comes after what it names."""

    id = "I36"
    says = "a body is missing only where an erasure names it, and its leaf stays"

    def __init__(self) -> None:
        super().__init__()
        self._missing: list[int] = []
        self._named: set[int] = set()

    def _see(self, entry: Entry) -> None:
        if entry.row is not None and entry.row.body is None:
            self._missing.append(entry.position)
        if entry.type == "payload_erased" and entry.event is not None:
            self._named.add(entry.event.position)

    def reach(self, head: int) -> None:
        """Compare what is missing with what was named."""
        del head
        for position in self._missing:
            self.expect(position in self._named, position, "its body is gone, and nothing says so")
