"""Bad input through each door: a clear error or a recorded refusal, and nothing is lost."""

from __future__ import annotations

from tests.cli.conftest import ask, clean, story
from tests.postgres_fixtures import database, server_url, shared_database, store, template

__all__ = [
    "ask",
    "clean",
    "database",
    "server_url",
    "shared_database",
    "store",
    "story",
    "template",
]
