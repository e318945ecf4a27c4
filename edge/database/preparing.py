"""Make the embedded database and bring it up to this build."""

from __future__ import annotations

import asyncio

import psycopg

from edge.settings.build import git_sha
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.install import EMBEDDED_LOGINS, install


async def prepare(server: EmbeddedPostgres, database: str) -> None:
    """Create the database unless it is there, migrate it, and let its logins in."""
    await asyncio.to_thread(make_database, server, database)
    await install(server.url(database), EMBEDDED_LOGINS, git_sha=git_sha())


def make_database(server: EmbeddedPostgres, database: str) -> None:
    """Create the database unless it is there."""
    try:
        server.create_database(database)
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):  # or just now
        return
