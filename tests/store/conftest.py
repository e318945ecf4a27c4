"""Every test of the event store runs against a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.postgres_fixtures import (
    database,
    empty_database,
    server_url,
    shared_database,
    store,
    template,
)

__all__ = ["database", "empty_database", "server_url", "shared_database", "store", "template"]

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.postgres)
