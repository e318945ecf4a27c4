"""The memory store passes the tests of handlers, views and leases that need no SQL."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta

import pytest

from tests.doubles.memory_store import MemoryStore
from tests.postgres_fixtures import ME
from tests.store import test_handling, test_leasing, test_projecting

globals().update(
    {
        name: rule
        for part in (test_handling, test_projecting, test_leasing)
        for name, rule in vars(part).items()
        if name.startswith("test_") and "database" not in inspect.signature(rule).parameters
    }
)


@pytest.fixture
async def store() -> MemoryStore:
    """Return a memory store whose clock moves at every look, as a database's does."""
    start = datetime(2026, 1, 31, 12, tzinfo=UTC)
    looks = iter(range(10**9))
    memory = MemoryStore(lambda: start + timedelta(milliseconds=next(looks)))
    await memory.open_account(ME)
    return memory
