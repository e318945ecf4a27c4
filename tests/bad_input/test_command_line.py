"""The door of the command line: whatever is typed, one clear message and never a traceback."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from edge.cli.commands import COMMANDS
from edge.cli.main import app
from projectors import VIEWS
from schema.contracts import Command, NewEvent
from schema.law import APPROVER_ONLY
from tests.bad_input.texts import KEPT
from tests.cli.conftest import Ask
from tests.doubles.story import ACCOUNT, Story
from tests.postgres_fixtures import Database

pytestmark = pytest.mark.postgres

LONG_RUNNING = {"demo", "run", "sandbox", "init"}
"""They start servers or write files; their options are checked before that by the same parser."""

EXITS = {0, 1, 2, 3, 64}
HOSTILE = [
    *("empty", "only a space", "line ends", "control characters", "right to left override"),
    *("joined emoji", "sql", "sql of dollars", "format", "path", "numbers", "json", "terminal"),
    *("rich markup", "long word"),
]


def leaves() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every command that can be typed, with its parameters."""
    root = get_command(app)
    assert isinstance(root, TyperGroup)
    context = root.make_context("ghostproof", [], resilient_parsing=True)
    for name in COMMANDS:
        yield from _below((name,), root.get_command(context, name), context)


def _below(path: tuple[str, ...], command: Any, context: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(command, TyperGroup):
        for name in command.list_commands(context):
            yield from _below((*path, name), command.get_command(context, name), context)
    elif command is not None:
        yield path, command


LEAVES = [(path, command) for path, command in leaves() if path[0] not in LONG_RUNNING]


@pytest.fixture(scope="module")
def told(shared_database: Database) -> Database:
    """Put a short story into a real log, once for all the commands."""
    story = Story()
    story.booted()
    story.replied("one")
    story.haunted()
    asyncio.run(tell(shared_database, story))
    return shared_database


@pytest.fixture(autouse=True)
def settings(clean: Path, told: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Name that log's database to every command."""
    (clean / "ghostproof.toml").write_text('[accounts.garden]\nhandle = "g"\n')
    monkeypatch.setenv("DATABASE_URL", told.app_url)
    monkeypatch.setenv("DATABASE_APPROVER_URL", told.approver_url)
    monkeypatch.setenv("DATABASE_READER_URL", told.reader_url)
    monkeypatch.setenv("DATABASE_ADMIN_URL", told.admin_url)


def test_every_command_is_among_them() -> None:
    assert {path[0] for path, _ in LEAVES} | LONG_RUNNING == set(COMMANDS)


@pytest.mark.parametrize("path", [path for path, _ in LEAVES], ids=" ".join)
def test_an_option_that_is_none_is_said(ask: Ask, path: tuple[str, ...]) -> None:
    answer = ask(*path, "--no-such-option")
    assert answer.code == 64
    assert answer.err.startswith("error: ")
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("name", HOSTILE)
def test_no_text_typed_is_a_fault_of_ours(ask: Ask, name: str) -> None:
    """Each hostile text as every argument and as every option's value of every command."""
    text = KEPT[name]
    for path, command in LEAVES:
        for arguments in _lines(command, text):
            answer = ask(*path, *arguments)
            shown = " ".join(map(repr, (*path, *arguments)))[:300]
            assert answer.code in EXITS, shown
            assert "Traceback" not in answer.err, f"{shown}\n{answer.err[-2000:]}"
            assert answer.code != 64 or answer.err.startswith("error: "), shown
            assert answer.out or answer.err, shown


def _lines(command: Any, text: str) -> Iterator[list[str]]:
    wanted = [text for part in command.params if part.param_type_name == "argument"]
    why = [f"--why={text}"] if any("--why" in part.opts for part in command.params) else []
    yield ["--", *wanted] if not why else [*why, "--", *wanted]
    for part in command.params:
        option = next((name for name in part.opts if name.startswith("--")), "")
        if option and not getattr(part, "is_flag", False) and option not in {"--help", "--why"}:
            yield [f"{option}={text}", *why, "--", *("c-1" for _ in wanted)]


@pytest.mark.parametrize("name", ["terminal", "log line", "header"])
def test_what_was_typed_cannot_steer_the_terminal(ask: Ask, name: str) -> None:
    answer = ask("show", KEPT[name])
    assert answer.code == 64
    assert "\x1b" not in answer.err
    assert "\r" not in answer.err


async def tell(database: Database, story: Story) -> None:
    """Append the story to the database, and fold its views."""
    ids = [row.event_id for row in story.rows]
    async with database.store() as store:
        await store.open_account(ACCOUNT)
        for row in story.rows:
            cause = None if row.cause is None else ids[row.cause]
            command = Command((NewEvent(row.event_id, row.event, cause=cause),))
            approver = row.type in APPROVER_ONLY
            (verdict,) = await store.append(ACCOUNT, [command], actor="story", approver=approver)
            assert verdict.code == "ok", verdict
        for view in VIEWS.values():
            await store.run_projector(view, ACCOUNT)
