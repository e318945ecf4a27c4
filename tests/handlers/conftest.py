"""The database for the one test here that needs it."""

from __future__ import annotations

from tests.postgres_fixtures import database, server_url, store, template

__all__ = ["database", "server_url", "store", "template"]
