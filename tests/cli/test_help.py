"""The help is read on a narrow terminal, and says each thing whole."""

from __future__ import annotations

from importlib import import_module

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from edge.cli.commands import COMMANDS, SECTIONS
from edge.cli.main import exit_code_of

USAGE = "COMMAND [ARGS]..."
GROUPS = [
    name
    for name, module in COMMANDS.items()
    if isinstance(get_command(import_module(module).app), TyperGroup)
]


@pytest.fixture
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("narrow")
@pytest.mark.parametrize("path", [(), *((group,) for group in GROUPS)], ids=" ".join)
def test_no_summary_is_cut(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code_of([*path, "--help"]) == 0
    lines = capsys.readouterr().out.replace(USAGE, "").splitlines()
    assert [line for line in lines if line.endswith("...") or len(line) > 80] == []


@pytest.mark.usefixtures("narrow")
def test_every_command_stands_under_its_heading(capsys: pytest.CaptureFixture[str]) -> None:
    exit_code_of(["--help"])
    lines = capsys.readouterr().out.splitlines()
    for heading, section in SECTIONS.items():
        first = lines.index(f"{heading}:") + 1
        assert [line.split()[0] for line in lines[first : first + len(section)]] == list(section)


def test_a_command_stands_under_one_heading() -> None:
    assert len(COMMANDS) == sum(map(len, SECTIONS.values()))
