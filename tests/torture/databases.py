"""Databases: an embedded PostgreSQL with a migrated log, for one kind of torture alone."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from edge.database.embedded import DATABASE
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.install import EMBEDDED_LOGINS, install


@asynccontextmanager
async def migrated() -> AsyncIterator[EmbeddedPostgres]:
    """Start a server of one's own with a migrated database; remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="gp-torture-"))
    await asyncio.to_thread(folder.chmod, 0o755)  # as root, the server's user must enter
    postgres = EmbeddedPostgres(folder / "data")
    try:
        with postgres.lease():
            url = await asyncio.to_thread(postgres.create_database, DATABASE)
            await install(url, EMBEDDED_LOGINS)
            yield postgres
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def urls(postgres: EmbeddedPostgres) -> tuple[str, str]:
    """Return the application's and the approver's addresses."""
    return (
        postgres.url(DATABASE, "ghostproof_app"),
        postgres.url(DATABASE, "ghostproof_approver"),
    )
