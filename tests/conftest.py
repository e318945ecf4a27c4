"""What every test may use: one PostgreSQL a session, and Hypothesis with fixed examples."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from eventstore.embedded.postgres import EmbeddedPostgres

# The same examples every time, so that a red test is red for everybody; look for new ones with
# `pytest --hypothesis-profile=search`. A failure prints the blob that reproduces it. A slow
# machine must not fail a property.
_common = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ghostproof", _common, derandomize=True, database=None)
settings.register_profile("search", _common, max_examples=1_000)
settings.load_profile("ghostproof")


@pytest.fixture
def open_dir() -> Iterator[Path]:
    """Make a directory that the server's user can enter; as root, pytest's own are private."""
    yield from _open_dir()


@pytest.fixture(scope="session")
def embedded() -> Iterator[EmbeddedPostgres]:
    """Run one PostgreSQL for the whole session; tests clone databases from their own templates."""
    for folder in _open_dir():
        server = EmbeddedPostgres(folder / "data")
        with server.lease():
            yield server


def _open_dir() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="gp-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
