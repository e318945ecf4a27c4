"""What held at an earlier position: a value that changes, with the position of each change."""

from __future__ import annotations

from bisect import bisect_right
from typing import Generic, TypeVar

V = TypeVar("V")


class History(Generic[V]):
    """A value over positions, told in their order."""

    def __init__(self, first: V) -> None:
        self._first = first
        self._positions: list[int] = []
        self._values: list[V] = []

    def turn(self, position: int, value: V) -> None:
        """Say what the value is from this position on."""
        self._positions.append(position)
        self._values.append(value)

    def at(self, position: int) -> V:
        """Return the value just after this position."""
        place = bisect_right(self._positions, position)
        return self._values[place - 1] if place else self._first
