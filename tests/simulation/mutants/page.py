"""The page on mutants: each bug made on purpose, where it sits, and what caught it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.mutants.mutant import ROOT, Mutant

PAGE = ROOT / "docs" / "mutants.md"
SAID_CHARS_MAX = 160

HEAD = """# Bugs made on purpose

Written by `make mutants`, which puts each of these bugs into the code, one at a time, and plays
simulated days, compares PostgreSQL with its double, or runs the tests of the rule, until something
notices. A bug in SQL is hunted by comparison, one with tests of its own by those, every other one
by seeds. What is said is said by the first check that noticed.

| bug | in | caught by |
|---|---|---|
"""


@dataclass(frozen=True)
class Hunted:
    """How the hunt for one mutant ended; "" as `caught_by` means that it escaped."""

    mutant: Mutant
    caught_by: str
    seconds: float


def page(hunted: Sequence[Hunted]) -> str:
    """Return the page."""
    caught = sum(bool(one.caught_by) for one in hunted)
    rows = "\n".join(_row(one) for one in hunted)
    return f"{HEAD}{rows}\n\n{caught} of {len(hunted)} were caught.\n"


def _row(one: Hunted) -> str:
    files = ", ".join(sorted({f"`{edit.path}`" for edit in one.mutant.edits}))
    said = _cell(one.caught_by) if one.caught_by else "**escaped**"
    return f"| {_cell(one.mutant.name)} | {files} | {said} |"


def _cell(text: str) -> str:
    return text[:SAID_CHARS_MAX].replace("|", "\\|").replace("*", "\\*")
