"""Commands run against a story in memory, in a folder of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from edge.cli import opening
from edge.cli.main import exit_code_of
from edge.settings.layers import PASSWORD_PREFIX, VARIABLES
from tests.cli.real import Real, real_commands
from tests.doubles.story import Story
from tests.postgres_fixtures import Database, database, server_url, template

__all__ = ["database", "server_url", "template"]


@dataclass(frozen=True)
class Answer:
    """What a command said and ended with."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one line of JSON on stdout."""
        assert self.out.count("\n") == 1
        return msgspec.json.decode(self.out)


Ask = Callable[..., Answer]


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand in an empty folder with no settings in the environment."""
    for name in (*VARIABLES, "GHOSTPROOF_CONFIG", f"{PASSWORD_PREFIX}GARDEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command as the program does."""

    def run(*arguments: str) -> Answer:
        code = exit_code_of(list(arguments))
        said = capsys.readouterr()
        return Answer(code, said.out, said.err)

    return run


@pytest.fixture
def story(monkeypatch: pytest.MonkeyPatch) -> Story:
    """Give a log in memory, which commands open instead of a database."""
    told = Story()

    @asynccontextmanager
    async def opened(_place: object) -> AsyncIterator[Any]:
        yield told.store

    monkeypatch.setattr(opening, "open_log", opened)
    monkeypatch.setattr(opening, "open_store", opened)
    monkeypatch.setattr(opening, "refuse_absent", lambda _place: None)
    return told


@pytest.fixture
def real(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Real]:
    """Give a real database, which commands open as the roles that an installation has."""
    with real_commands(database, monkeypatch) as opened:
        yield opened
