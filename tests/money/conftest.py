"""The bench of the performers, and a database for the tests that need a real one."""

from __future__ import annotations

from tests.performers.conftest import bench
from tests.postgres_fixtures import database, server_url, store, template

__all__ = ["bench", "database", "server_url", "store", "template"]
