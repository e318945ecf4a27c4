"""The page on mutants: each bug made on purpose, where it sits, and what caught it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

from tests.simulation.mutants.mutant import ROOT, Edit, Mutant

PAGE = ROOT / "docs" / "mutants.md"
SAID_CHARS_MAX = 160
CHANGE_CHARS_MAX = 70

HEAD = """# Bugs made on purpose

`make mutants` puts each of these bugs into the code, one at a time and each in a process of its
own, lets the checks of this repository hunt it, and writes this page. What is said of a catch is
said by the first check that noticed. There are three ways to hunt:

- by **seed**: a day of the production code is played in virtual time, as `make simulate` does, from
  seed 0 on, until a promise is broken; a bug that lives through {seeds_max} days has escaped;
- by **history**, where the bug is in SQL: drawn appends, most of them permits on the way to a click
  with one thing wrong, go to PostgreSQL and to its double in memory until their answers differ;
- by **test**, where no day would show it soon: the tests of the rule, in their order.

Seeds and histories are the same at each run of one build; a change of the code changes the days. In
sound code they find nothing: `make test` plays 500 seeds and compares 100 histories.

`python -m tests.simulation.mutants --only "kill switch read too early"` hunts one again, and writes
its row anew. `tests/simulation/mutants/` has the bugs as they are put in.

"""

TOTALS = """| hunted by | bugs | caught | half of them by | the last by |
|---|---|---|---|---|
"""

COLUMNS = """| bug | in | what is changed | caught by |
|---|---|---|---|
"""

ESCAPED = "**escaped**"
ROW = re.compile(r"^\| (?P<name>.+?) \| `.* \| (?P<said>.+) \|$", re.MULTILINE)
METHOD = re.compile(r" were caught\. (.*)$", re.MULTILINE)


@dataclass(frozen=True)
class Hunted:
    """How the hunt for one mutant ended; "" as `caught_by` means that it escaped."""

    mutant: Mutant
    caught_by: str

    @property
    def hunter(self) -> str:
        """The way in which it was hunted."""
        return "test" if self.mutant.tests else "history" if self.mutant.in_sql else "seed"

    @property
    def after(self) -> int:
        """The number of the seed, history or test that caught it."""
        return int(self.caught_by.removeprefix(self.hunter).partition(":")[0])


def page(parts: Mapping[str, Sequence[Hunted]], *, method: str, seeds_max: int) -> str:
    """Return the page; `parts` are its sections by what they say, `method` how it was run."""
    every = [one for hunted in parts.values() for one in hunted]
    hunters = [_total(name, every) for name in ("seed", "history", "test")]
    caught = sum(bool(one.caught_by) for one in every)
    sections = [
        f"## {says}\n\n{COLUMNS}" + "".join(map(_row, hunted)) for says, hunted in parts.items()
    ]
    return (
        f"{HEAD.format(seeds_max=seeds_max)}{caught} of {len(every)} were caught. {method}\n\n"
        f"{TOTALS}{''.join(hunters)}\n" + "\n".join(sections)
    )


def told(text: str) -> dict[str, str]:
    """Return what a page that was written says of each bug, by name; "" where it escaped."""
    rows = [(_plain(row["name"]), row["said"]) for row in ROW.finditer(text)]
    return {name: "" if said == ESCAPED else _plain(said) for name, said in rows}


def method_of(text: str) -> str:
    """Return how the page that was written says that it was run."""
    found = METHOD.search(text)
    return found[1] if found else ""


def _total(hunter: str, every: Sequence[Hunted]) -> str:
    mine = [one for one in every if one.hunter == hunter]
    after = [one.after for one in mine if one.caught_by]
    half, last = (median_low(after), max(after)) if after else ("", "")
    return f"| {hunter} | {len(mine)} | {len(after)} | {hunter} {half} | {hunter} {last} |\n"


def _row(one: Hunted) -> str:
    files = ", ".join(sorted({f"`{edit.path}`" for edit in one.mutant.edits}))
    changes = "; ".join(_change(edit) for edit in one.mutant.edits)
    said = _cell(_cut(one.caught_by, SAID_CHARS_MAX)) if one.caught_by else ESCAPED
    return f"| {_cell(one.mutant.name)} | {files} | {changes} | {said} |\n"


def _change(edit: Edit) -> str:
    return f"{_code(edit.old)} → {_code(edit.new)}"


def _code(text: str) -> str:
    line = _cut(" ".join(text.split()), CHANGE_CHARS_MAX).replace("|", "\\|").replace("`", "'")
    return f"`{line}`" if line else "nothing"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("*", "\\*")


def _plain(cell: str) -> str:
    return cell.replace("\\|", "|").replace("\\*", "*")


def _cut(text: str, chars_max: int) -> str:
    return text if len(text) <= chars_max else f"{text[:chars_max]}…"
