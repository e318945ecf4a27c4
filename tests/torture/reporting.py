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


def report(kinds: list[Kind], *, seed: int) -> str:
    """Lay the figures out, kind by kind; a line at the end says whether anything is wrong."""
    lines = [f"seed {seed}"]
    for kind in kinds:
        lines += ["", f"{kind.name}  ({kind.seconds:.0f} s)"]
        lines += [f"  {count:>8}  {what}" for what, count in kind.figures.items()]
        lines += [f"  WRONG: {fault}" for fault in kind.faults]
    wrong = sum(len(kind.faults) for kind in kinds)
    return "\n".join([*lines, "", f"{wrong} wrong" if wrong else "nothing is wrong"])
