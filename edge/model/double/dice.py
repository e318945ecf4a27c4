"""Chance that depends on a seed alone, the same on every machine and version."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

_STEPS = 1 << 64


class Dice:
    """A row of throws, each a SHA-256 of the seed and its number."""

    def __init__(self, *seed: object) -> None:
        self._seed = repr(seed).encode("utf-8", "replace")
        self._thrown = 0

    def share(self) -> float:
        """Throw a number from 0 up to, not including, 1."""
        self._thrown += 1
        digest = hashlib.sha256(self._seed + self._thrown.to_bytes(8)).digest()
        return (int.from_bytes(digest[:8]) >> 11) / (_STEPS >> 11)

    def between(self, low: float, high: float) -> float:
        """Throw a number between two bounds, rounded to two places within them."""
        return min(high, max(low, round(low + (high - low) * self.share(), 2)))

    def whole(self, low: int, high: int) -> int:
        """Throw a whole number, both bounds included."""
        return low + int((high - low + 1) * self.share())

    def pick(self, items: Sequence[Item]) -> Item:
        """Take one of a sequence."""
        return items[self.whole(0, len(items) - 1)]
