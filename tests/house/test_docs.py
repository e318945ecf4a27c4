"""The drawn pages say what the program's types say."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from replay.invariants import INVARIANTS
from replay.permit_life import STATES
from schema.events.alerting import Alert
from schema.law import LEGAL_MOVES

CHECKOUT = Path(__file__).resolve().parents[2]
PROMISES = (CHECKOUT / "docs" / "promises.md").read_text()
AUDITED = {check.id for check in INVARIANTS} | {"I25", "L3"}
"""I25 compares read models, beside the log; L3 is I27 seen from its other side."""


@pytest.mark.parametrize("name", ["events.md", "permit.md", "flow.md"])
def test_a_drawn_page_is_up_to_date(name: str) -> None:
    pages = runpy.run_path(str(CHECKOUT / "scripts" / "write_docs.py"))["pages"]()

    assert (CHECKOUT / "docs" / name).read_text() == pages[name], "run scripts/write_docs.py"


NAMED_TESTS = re.findall(r"`((?!tests/)(?:\w+/)+test_\w+\.py)(?:::(\w+))?`", PROMISES)


@pytest.mark.parametrize(("file", "name"), NAMED_TESTS)
def test_a_promise_names_a_test_that_exists(file: str, name: str) -> None:
    assert re.search(rf"def {name}\w*\(", (CHECKOUT / "tests" / file).read_text())


def test_every_invariant_of_the_audit_is_promised() -> None:
    rows = {
        found[1]: found[0] for found in re.finditer(r"^\| ([IL]\d+) .*$", PROMISES, re.MULTILINE)
    }
    assert {check.id for check in INVARIANTS} <= set(rows)
    assert [name for name, row in rows.items() if "audit" in row and name not in AUDITED] == []


def test_the_list_of_alerts_is_the_whole_list_and_no_other() -> None:
    page = (CHECKOUT / "docs" / "alerts.md").read_text()
    listed = re.findall(r"^\| `(\w+)` \| (?:info|warning|error|critical) \|", page, re.MULTILINE)
    assert sorted(listed) == sorted(Alert)


def test_every_move_has_its_state() -> None:
    moves = set(LEGAL_MOVES) | {spent for spends in LEGAL_MOVES.values() for spent in spends}

    assert moves == set(STATES)
