"""What the pages for people name is there: links, commands, make targets, files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from edge.cli.commands import COMMANDS
from edge.cli.main import app

CHECKOUT = Path(__file__).resolve().parents[2]
PAGES = {page.name: page for page in (CHECKOUT / "README.md", *(CHECKOUT / "docs").glob("*.md"))}
TARGETS = set(re.findall(r"^([a-z]+):", (CHECKOUT / "Makefile").read_text(), re.MULTILINE))

LINK = re.compile(r"\]\(\s*([^)\s#]+)[^)]*\)")
CODE = re.compile(r"```[^\n]*\n(.*?)```|`([^`]+)`", re.DOTALL)
TYPED = re.compile(r"^(?:[$#]\s*)?(?:\S*/)?ghostproof ([a-z][a-z-]*)(?: ([a-z]+)\b)?", re.MULTILINE)
MADE = re.compile(r"^make ([a-z]+)\b", re.MULTILINE)
PATH = re.compile(r"^(?:bench|deploy|docs|edge|eventstore|handlers|schema|scripts|tests)/\S+$")
HOMES = (CHECKOUT, CHECKOUT / "tests")  # the page of the promises leaves `tests/` out


def broken_links(text: str, folder: Path) -> list[str]:
    """Return the links that lead nowhere in the checkout."""
    links = [link for link in LINK.findall(text) if not link.startswith("http")]
    return [link for link in links if not (folder / link).exists()]


def wrong_commands(text: str) -> list[str]:
    """Return the commands in code that the program does not have."""
    return [
        " ".join(filter(None, (name, inner)))
        for code in _code(text)
        for name, inner in TYPED.findall(code)
        if name not in COMMANDS or (GROUPS.get(name) and inner and inner not in GROUPS[name])
    ]


def wrong_targets(text: str) -> list[str]:
    """Return the make targets in code that the Makefile does not have."""
    made = [target for code in _code(text) for target in MADE.findall(code)]
    return [target for target in made if target not in TARGETS]


def missing_files(text: str) -> list[str]:
    """Return the files and folders in code that the checkout does not have."""
    named = [code.split("::")[0] for code in _code(text) if PATH.match(code)]
    return [name for name in named if not any((home / name).exists() for home in HOMES)]


def _code(text: str) -> Iterator[str]:
    for block, words in CODE.findall(text):
        yield block or words


def _groups() -> dict[str, set[str]]:
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    context = root.make_context("ghostproof", [], resilient_parsing=True)
    found = {name: root.get_command(context, name) for name in COMMANDS}
    return {name: set(getattr(command, "commands", ())) for name, command in found.items()}


GROUPS = _groups()


@pytest.mark.parametrize("name", PAGES)
def test_what_a_page_names_is_there(name: str) -> None:
    text = PAGES[name].read_text()
    assert broken_links(text, PAGES[name].parent) == []
    assert wrong_commands(text) == []
    assert wrong_targets(text) == []
    assert missing_files(text) == []


def test_every_page_is_reached_from_the_first() -> None:
    """Following links from the first page leads to all of them."""
    reached, waiting = set[str](), ["README.md"]
    while waiting:
        page = PAGES[waiting.pop()]
        reached.add(page.name)
        linked = {Path(link).name for link in LINK.findall(page.read_text())} & PAGES.keys()
        waiting += linked - reached - set(waiting)
    assert reached == set(PAGES)


def test_what_is_not_there_is_noticed() -> None:
    assert broken_links("[a](nowhere.md#part) [b](http://x)", CHECKOUT) == ["nowhere.md"]
    typed = "`ghostproof whence` `ghostproof ghost hunt` ```\n$ ghostproof why X\n```"
    assert wrong_commands(typed) == ["whence", "ghost hunt"]
    assert wrong_targets("```\nmake coffee   # hot\n```\n`make demo`") == ["coffee"]
    assert missing_files("`tests/nowhere.py::test_x` `docs/permit.md`") == ["tests/nowhere.py"]
