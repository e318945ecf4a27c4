"""The tree over a log: RFC 6962's Merkle tree hash, grown leaf by leaf.

A tree of n leaves is a row of complete subtrees, one for each bit of n, the largest first. Their
roots, the peaks, are all that growing needs: another leaf joins peaks of its own size, as adding
one to n carries. The root hashes the peaks together from the smallest on.

Leaves come hashed already (`schema/leaf.py` does it as section 2.1 asks, ``sha256(0x00 || data)``);
two nodes are joined as ``sha256(0x01 || left || right)``; the root of nothing is ``sha256("")``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from hashlib import sha256

NODE = b"\x01"


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree of `size` leaves as its peaks, the largest first; 32 bytes each."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def grown(self, leaves: Iterable[bytes]) -> Frontier:
        """Return the tree with these leaves after its own."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            peak, bits = leaf, size
            while bits & 1:
                peak = sha256(NODE + peaks.pop() + peak).digest()  # `joined`, a million times over
                bits >>= 1
            peaks.append(peak)
            size += 1
        return Frontier(size, tuple(peaks))

    def root(self) -> bytes:
        """Return the tree's root."""
        if not self.peaks:
            return sha256().digest()
        return reduce(lambda right, left: joined(left, right), reversed(self.peaks))


def joined(left: bytes, right: bytes) -> bytes:
    """Hash two nodes into the one above them."""
    return sha256(NODE + left + right).digest()
