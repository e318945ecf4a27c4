"""The memory store passes the law's own tests, as PostgreSQL does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from schema.contracts import Store
from tests.doubles.memory_store import MemoryStore
from tests.postgres_fixtures import ME
from tests.store import test_law

globals().update({name: rule for name, rule in vars(test_law).items() if name.startswith("test_")})


@pytest.fixture
async def store() -> Store:
    """Return a memory store whose clock moves at every look, as a database's does."""
    memory = MemoryStore(_ticking().__next__)
    await memory.open_account(ME)
    return memory


def _ticking() -> Iterator[datetime]:
    at = datetime(2026, 1, 31, 12, tzinfo=UTC)
    while True:
        at += timedelta(milliseconds=1)
        yield at
