"""The demo, played once in an empty folder, and the commands asked there afterwards."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from eventstore.embedded.postgres import EmbeddedPostgres
from tests.postgres_fixtures import Database, server_url, shared_database, template

__all__ = ["server_url", "shared_database", "template"]

CHECKOUT = Path(__file__).resolve().parents[2]
SET_BY_TESTS = ("DATABASE_URL", "DATABASE_APPROVER_URL", "DATABASE_READER_URL")


@dataclass(frozen=True)
class Played:
    """A folder in which the demo ran, and what it printed."""

    folder: Path
    environment: dict[str, str]
    exit_code: int
    printed: str
    admin_url: str

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command there."""
        return _ghostproof(self.folder, self.environment, *arguments)

    def json(self, *arguments: str) -> Any:
        """Run one command there with --json, and return what it says."""
        return json.loads(self.ask(*arguments, "--json").stdout)


@pytest.fixture(scope="module")
def played(request: pytest.FixtureRequest) -> Iterator[Played]:
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="gp-demo-"))
        folder.chmod(0o755)  # as root, the server's user must be able to enter
        stack.callback(shutil.rmtree, folder)
        _lend_forum(folder, stack)
        environment, admin_url = _database(request, folder, stack)
        done = _ghostproof(folder, environment, "demo")
        yield Played(folder, environment, done.returncode, done.stdout + done.stderr, admin_url)


def _lend_forum(folder: Path, stack: ExitStack) -> None:
    """Share the forum's environment between runs: it takes a quarter of a minute to make."""
    named = os.environ.get("GHOSTPROOF_TEST_CACHE")
    cache = Path(named) if named else CHECKOUT / ".ghostproof" / "test-cache"
    (cache / "sandbox" / "venv").mkdir(parents=True, exist_ok=True)
    held = stack.enter_context((cache / "sandbox" / "lock").open("w"))
    fcntl.flock(held, fcntl.LOCK_EX)
    sandbox = folder / ".ghostproof" / "sandbox"
    sandbox.mkdir(parents=True)
    (sandbox / "venv").symlink_to(cache / "sandbox" / "venv")


def _database(
    request: pytest.FixtureRequest, folder: Path, stack: ExitStack
) -> tuple[dict[str, str], str]:
    """Use the given PostgreSQL, else the embedded one as a user gets it."""
    environment = {k: v for k, v in os.environ.items() if k not in SET_BY_TESTS}
    if "DATABASE_URL" in os.environ:
        database: Database = request.getfixturevalue("shared_database")
        urls = (database.app_url, database.approver_url, database.reader_url)
        return environment | dict(zip(SET_BY_TESTS, urls, strict=True)), database.admin_url
    server = EmbeddedPostgres(folder / ".ghostproof")
    stack.enter_context(server.lease())
    return environment, server.url("ghostproof")


def _ghostproof(
    folder: Path, environment: dict[str, str], *arguments: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "edge.cli.main", *arguments],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
