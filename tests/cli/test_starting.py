"""A short command starts fast: what takes long to import is left to those that need it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable

import pytest

from edge.cli.commands import COMMANDS
from tests.cli.program import ROOT

HEAVY = {"openai", "playwright", "prometheus_client", "pydantic", "rich", "starlette", "uvicorn"}
WHOLE_SETTINGS = frozenset(
    ("config", "doctor", "import-legacy", "login", "sandbox", "site", "status", "where")
)
"""Commands that check the settings as a whole, which takes pydantic."""


def heavy_imports(commands: Iterable[str]) -> set[str]:
    modules = ", ".join(COMMANDS[name] for name in sorted(commands))
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, edge.cli.main, {modules}; print(*sys.modules)"],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split()) & HEAVY


def test_a_short_command_imports_nothing_heavy() -> None:
    assert heavy_imports(COMMANDS.keys() - WHOLE_SETTINGS) == set()


@pytest.mark.parametrize("name", sorted(WHOLE_SETTINGS))
def test_a_heavy_import_is_noticed_and_nobody_is_left_out_without_need(name: str) -> None:
    assert heavy_imports([name]) == {"pydantic"}
