"""Reporting: what was done to the program and what it came to, as a table of figures."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Kind:
    """One kind of torture: its figures, what was wrong, and how long it took."""

    name: str
    figures: Counter[str]
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0


def told(kind: Kind) -> str:
    """Lay out the figures of one kind."""
    lines = ["", f"{kind.name}  ({kind.seconds:.0f} s)"]
    lines += [f"  {count:>8}  {what}" for what, count in kind.figures.items()]
    lines += [f"  WRONG: {fault}" for fault in kind.faults]
    return "\n".join(lines)


def verdict(kinds: list[Kind]) -> str:
    """Say in a line whether anything is wrong."""
    wrong = sum(len(kind.faults) for kind in kinds)
    return f"\n{wrong} wrong" if wrong else "\nnothing is wrong"
