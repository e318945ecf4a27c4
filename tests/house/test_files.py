"""What holds for every file of the repository, whatever it does."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINES_MAX = 300

# path: why it may be longer
LONG_FILES: dict[str, str] = {}

# Joined from pieces where this file would otherwise find itself.
FOREIGN = {
    "a path of one machine": r"(?<![\w.~-])/(?:home|Users|root|work)/\w",
    "a package registry": "|".join(
        re.escape(".".join(host))
        for host in (
            ("pypi", "org"),
            ("files", "pythonhosted", "org"),
            ("registry", "npmjs", "org"),
        )
    ),
}
SLEEPERS = {"time", "asyncio", "anyio", "trio"}
MAY_SLEEP = (
    "tests/simulation/",  # on a clock of its own, where an hour takes no time
    "tests/torture/",  # between real processes, which nothing but time moves
)


def tracked(*patterns: str) -> list[Path]:
    """Return the files that git knows and the checkout has."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--", *patterns], cwd=ROOT, capture_output=True, check=True
    )
    paths = (ROOT / name for name in done.stdout.decode().split("\0") if name)
    return [path for path in paths if path.is_file()]


def sleeps(tree: ast.AST) -> list[int]:
    """Return the lines that wait for a length of time; `sleep(0)` only lets others run."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and _is_sleep(node.func) and not _is_zero(node.args))
        or (isinstance(node, ast.ImportFrom) and node.module in SLEEPERS and _names_sleep(node))
    ]


def _is_sleep(function: ast.expr) -> bool:
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "sleep"
        and isinstance(function.value, ast.Name)
        and function.value.id in SLEEPERS
    )


def _is_zero(arguments: list[ast.expr]) -> bool:
    return bool(arguments) and isinstance(arguments[0], ast.Constant) and arguments[0].value == 0


def _names_sleep(node: ast.ImportFrom) -> bool:
    return any(name.name == "sleep" for name in node.names)


def test_every_python_file_begins_with_what_it_is() -> None:
    nameless = [
        str(path.relative_to(ROOT))
        for path in tracked("*.py")
        if not path.read_text().startswith('"""')
    ]
    assert nameless == []


def test_no_file_is_long_without_a_reason() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in tracked("*.py", "*.sql")
    }
    assert {
        name: n for name, n in lengths.items() if n > LINES_MAX and name not in LONG_FILES
    } == {}
    assert [name for name in LONG_FILES if lengths.get(name, 0) <= LINES_MAX] == []


@pytest.mark.parametrize("what", FOREIGN)
def test_no_file_names(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in tracked()
        if (match := re.search(FOREIGN[what], path.read_text(errors="replace")))
    ]
    assert found == []


def test_no_test_sleeps() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in tracked("tests/*.py")
        if not str(path.relative_to(ROOT)).startswith(MAY_SLEEP)
        for line in sleeps(ast.parse(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("import time\ntime.sleep(1)", [2]),
        ("async def f():\n await asyncio.sleep(0.1)", [2]),
        ("from time import sleep", [1]),
        ("await_ = asyncio.sleep(0)", []),
        ("clock.sleep(5)", []),
    ],
)
def test_a_sleep_is_noticed(code: str, lines: list[int]) -> None:
    assert sleeps(ast.parse(code)) == lines
