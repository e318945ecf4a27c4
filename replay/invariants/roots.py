"""The heads of the tree on record, compared with the tree of the stored leaves."""

from __future__ import annotations

from replay.entry import Entry
from schema.tree import Frontier


class Roots:
    """Grows the tree again, head by head.

    Heads cover more and more of one tree, so each that is true is consistent with all before it.
    """

    def __init__(self) -> None:
        self._tree = Frontier()
        self._later: list[bytes] = []

    def fault_of(self, entry: Entry, leaf: bytes) -> str:
        """Take the next entry and its leaf; say what is wrong if it is a head, else ""."""
        is_head = entry.type == "tree_head" and entry.event is not None
        why = self._compared(entry) if is_head else ""
        self._later.append(leaf)
        return why

    def _compared(self, entry: Entry) -> str:
        head = entry.event
        if not self._tree.size <= head.size <= entry.position:
            return f"a head of {head.size} events, after one of {self._tree.size}"
        count = head.size - self._tree.size
        self._tree = self._tree.grown(self._later[:count])
        del self._later[:count]
        if self._tree.root().hex() != head.root:
            return f"the root of the first {head.size} leaves is {self._tree.root().hex()}"
        peaks = tuple(peak.hex() for peak in self._tree.peaks)
        return "" if peaks == head.peaks else "the peaks are not those of the root"
