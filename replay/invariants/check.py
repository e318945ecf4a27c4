"""What every invariant is: it sees the log in order and remembers its first violation."""

from __future__ import annotations

from typing import ClassVar

from replay.entry import Entry


class Check:
    """One invariant. `types` are the events that it must see; None: all of them."""

    id: ClassVar[str]
    says: ClassVar[str]
    types: ClassVar[frozenset[str] | None] = None

    def __init__(self) -> None:
        self.checked = 0
        self.first_violation: int | None = None
        self.why = ""

    @property
    def ok(self) -> bool:
        """Whether nothing seen so far violates the invariant."""
        return self.first_violation is None

    def see(self, entry: Entry) -> None:
        """Take the next entry into account."""
        self._see(entry)

    def reach(self, head: int) -> None:
        """Take the log's end into account; `head` is the size that it claims."""

    def expect(self, holds: bool, position: int, why: str) -> None:
        """Count one instance of the invariant; keep the first that does not hold."""
        self.checked += 1
        if not holds and self.first_violation is None:
            self.first_violation, self.why = position, why

    def _see(self, entry: Entry) -> None:
        raise NotImplementedError
