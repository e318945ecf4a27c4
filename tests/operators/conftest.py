"""The operators' views on a real PostgreSQL, over one story that all their tests read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from tests.operators.story import play
from tests.postgres_fixtures import (
    Database,
    created,
    database,
    empty_database,
    server_url,
    shared_database,
    store,
    template,
)

__all__ = [
    "database",
    "empty_database",
    "server_url",
    "shared_database",
    "store",
    "template",
]

HERE = Path(__file__).parent
Ask = Callable[..., list[dict[str, Any]]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(scope="module")
def played(server_url: str, template: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """Play the story into a database of its own and fold every read model."""
    name = f"ghostproof_played_{request.node.name.removesuffix('.py').rpartition('/')[2]}"
    with created(server_url, name, template) as url:
        asyncio.run(play(Database(url)))
        yield Database(url)


@pytest.fixture(scope="module")
def ask(played: Database) -> Iterator[Ask]:
    """Ask the views as an operator's login does."""
    options = "-csearch_path=operators"
    with psycopg.connect(
        played.url("gp_operator"), options=options, row_factory=dict_row
    ) as connection:
        yield lambda query, *values: connection.execute(query, values).fetchall()
