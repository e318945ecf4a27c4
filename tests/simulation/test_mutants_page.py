"""The page on bugs made on purpose: what a stranger reads there."""

from __future__ import annotations

import re

from tests.simulation.mutants.__main__ import MUTANTS
from tests.simulation.mutants.mutant import ROOT, Mutant, one
from tests.simulation.mutants.page import PAGE, Hunted, method_of, page, told

SEEN = one("seen | twice", "handlers/a.py", "if a | b:\n    go", "if False:")
DELETED = Mutant("deleted", one("", "eventstore/sql/b.sql", "check", "").edits)
TEST = re.compile(r"^(?:async )?def (test_\w+)", re.MULTILINE)
TESTED = one("tested", "handlers/c.py", "1", "2", tests=("tests/handlers/test_c.py",))


def written(*hunted: Hunted) -> str:
    return page({"Bugs in this": hunted}, method="It took a minute.", seeds_max=150)


def test_a_bug_stands_with_its_file_its_change_and_its_catcher() -> None:
    row = written(Hunted(SEEN, "seed 7: a promise: broken")).splitlines()[-1]
    change = "`if a \\| b: go` → `if False:`"
    assert row == f"| seen \\| twice | `handlers/a.py` | {change} | seed 7: a promise: broken |"


def test_a_bug_that_only_removes_says_so() -> None:
    assert "| `check` → nothing | history 3: here |" in written(Hunted(DELETED, "history 3: here"))


def test_one_that_escaped_is_shown_and_counted() -> None:
    text = written(Hunted(SEEN, "seed 2: x"), Hunted(TESTED, ""))
    assert "1 of 2 were caught. It took a minute." in text
    assert "| `1` → `2` | **escaped** |" in text
    assert "| test | 1 | 0 |" in text


def test_half_and_last_are_told_of_each_way_of_hunting() -> None:
    text = written(*(Hunted(SEEN, f"seed {seed}: x") for seed in (9, 0, 2)))
    assert "| seed | 3 | 3 | seed 2 | seed 9 |" in text


def test_what_a_page_said_can_be_said_again() -> None:
    hunted = (Hunted(SEEN, "seed 7: a | b * c"), Hunted(TESTED, ""))
    text = written(*hunted)
    assert told(text) == {one.mutant.name: one.caught_by for one in hunted}
    assert method_of(text) == "It took a minute."


def test_the_page_tells_of_every_bug_and_of_no_other() -> None:
    """`python -m tests.simulation.mutants --only NAME` puts one into it."""
    assert list(told(PAGE.read_text())) == list(MUTANTS)


def hunters_of(mutant: Mutant) -> list[str]:
    """Return what hunts a mutant as the page names it: file and function."""
    return [
        f"{name.rpartition('/')[2]}::{found}"
        for name in mutant.tests
        for found in re.findall(
            r"^(?:async )?def (test_\w+)", (ROOT / name).read_text(), re.MULTILINE
        )
    ]


def test_every_test_that_the_page_names_still_hunts() -> None:
    """Whoever moves a test to another file takes the mutants with it."""
    caught_by = told(PAGE.read_text())
    for mutant in filter(lambda mutant: mutant.tests, MUTANTS.values()):
        named = caught_by[mutant.name].partition(": ")[2].partition("[")[0]
        assert named in hunters_of(mutant), mutant.name
