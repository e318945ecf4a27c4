"""The drawn pages say what the program's types say."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from replay.permit_life import STATES
from schema.law import LEGAL_MOVES

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", ["events.md", "permit.md", "flow.md"])
def test_a_drawn_page_is_up_to_date(name: str) -> None:
    pages = runpy.run_path(str(CHECKOUT / "scripts" / "write_docs.py"))["pages"]()

    assert (CHECKOUT / "docs" / name).read_text() == pages[name], "run scripts/write_docs.py"


def test_every_move_has_its_state() -> None:
    moves = set(LEGAL_MOVES) | {spent for spends in LEGAL_MOVES.values() for spent in spends}

    assert moves == set(STATES)
