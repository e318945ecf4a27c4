"""What a person reads stays in its columns, whatever the texts are made of."""

from __future__ import annotations

import os
import shutil
import sys

import pytest

from edge.cli import output
from edge.cli.output import fitted, table
from tests.bad_input.texts import KEPT


def on_a_terminal(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: os.terminal_size((columns, 24)))


@pytest.mark.parametrize("columns", [80, 120])
def test_a_line_ends_at_the_terminals_edge_and_goes_on_in_a_pipe(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "position  " + "ä" * 100 + "語" * 100
    assert fitted(line) == line
    on_a_terminal(columns, monkeypatch)
    cut = fitted(line)
    assert columns - 2 <= output._width(cut) <= columns
    assert cut.endswith("…")
    assert fitted("short") == "short"


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("plain", 5),
        ("語", 2),
        ("\uff21", 2),
        ("e\u0301", 1),
        ("a\u20dd", 1),
        ("❤\ufe0f", 1),
        ("\u200d", 0),
        ("שלום", 4),
    ],
)
def test_a_text_takes_its_columns(text: str, columns: int) -> None:
    assert output._width(text) == columns


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
def test_a_second_column_stands_where_it_stands(text: str) -> None:
    lines = table(("", ""), [(text[:20], "HERE"), ("a short one", "HERE")]).splitlines()
    assert len({output._width(line[: line.rindex("HERE")]) for line in lines}) == 1
    assert len(lines) == 2


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT)
@pytest.mark.parametrize("columns", [80, 120])
def test_a_table_ends_at_the_terminals_edge(
    text: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(columns, monkeypatch)
    lines = table(("id", "text"), [("one", text * 10), ("two", "short")]).splitlines()
    assert len(lines) == 3
    assert max(map(output._width, lines)) <= columns


def test_a_flag_is_written_as_the_settings_have_it() -> None:
    assert table(("", ""), [("kept", True), ("posted", False)]) == "kept    true\nposted  false"
