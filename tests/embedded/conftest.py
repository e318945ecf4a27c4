"""A server of one's own, and another process that uses it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from eventstore.embedded.postgres import EmbeddedPostgres

ROOT = Path(__file__).parents[2]
USER_PROGRAM = """
import sys
from pathlib import Path
from eventstore.embedded.postgres import EmbeddedPostgres
with EmbeddedPostgres(Path(sys.argv[1])).lease() as url:
    print(url, flush=True)
    sys.stdin.read()
"""

StartUser = Callable[[], subprocess.Popen[str]]


@pytest.fixture
def fresh(open_dir: Path) -> Iterator[EmbeddedPostgres]:
    """Give a server whose data directory does not exist yet; stopped whatever the test does."""
    server = EmbeddedPostgres(open_dir / "data")
    yield server
    server.stop()


@pytest.fixture
def server(fresh: EmbeddedPostgres, embedded_seed: Path) -> EmbeddedPostgres:
    """Give a server whose data directory was made, and that never ran."""
    fresh.data_dir.mkdir()
    subprocess.run(["cp", "-a", str(embedded_seed), str(fresh.data_dir)], check=True)
    return fresh


@pytest.fixture(scope="session")
def embedded_seed() -> Iterator[Path]:
    """Make a data directory once for all tests; copying one is ten times faster."""
    folder = Path(tempfile.mkdtemp(prefix="gp-seed-"))
    folder.chmod(0o755)
    with EmbeddedPostgres(folder).lease():
        pass
    yield folder / "postgres"
    shutil.rmtree(folder)


@pytest.fixture
def start_user(fresh: EmbeddedPostgres) -> Iterator[StartUser]:
    """Start other processes that hold a lease until their stdin closes."""
    with ExitStack() as stack:

        def start() -> subprocess.Popen[str]:
            argv = [sys.executable, "-c", USER_PROGRAM, str(fresh.data_dir)]
            pipe = subprocess.PIPE
            process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
            stack.callback(process.wait, timeout=60)
            stack.callback(process.kill)
            stack.callback(process.stdout.close)  # type: ignore[union-attr] # a pipe was asked for
            stack.callback(process.stdin.close)  # type: ignore[union-attr] # a pipe was asked for
            return process

        yield start


def url_of(process: subprocess.Popen[str]) -> str:
    """Wait until another process has its lease, and return the URL that it was given."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(url: str, query: str) -> object:
    """Return the one value of a query."""
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]
