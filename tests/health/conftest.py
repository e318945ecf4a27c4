"""A real database for the health server to look at, with a story told in it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from tests.cli.conftest import ask, clean
from tests.operators.story import play
from tests.postgres_fixtures import Database, created, database, server_url, template

__all__ = ["ask", "clean", "database", "server_url", "template"]


@pytest.fixture(scope="module")
def played(server_url: str, template: str) -> Iterator[Database]:
    """Play the operators' story into a database of its own."""
    with created(server_url, "ghostproof_health_played", template) as url:
        asyncio.run(play(Database(url)))
        yield Database(url)
