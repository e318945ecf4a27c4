"""The embedded database: up while it is used, made and migrated when it has to be."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from edge.database.urls import Urls
from eventstore.connection import connected
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.migrations import pending
from schema.errors import SchemaBehind, StoreError

DATABASE = "ghostproof"
LOGINS = ("ghostproof_app", "ghostproof_approver", "ghostproof_reader")
OPERATOR = "ghostproof_operator"
APPLIED = "select name, checksum from gp.migration order by number"


async def embedded_urls(data_dir: Path, stack: AsyncExitStack) -> Urls:
    """Use the embedded server until the stack unwinds; its last user stops it."""
    server = EmbeddedPostgres(data_dir)
    await asyncio.to_thread(stack.enter_context, server.lease())
    urls = urls_of(server)
    if not await _is_current(urls.reader):
        from edge.database.preparing import prepare  # noqa: PLC0415 -- once in an installation

        await prepare(server, DATABASE)
    return urls


def urls_of(server: EmbeddedPostgres) -> Urls:
    """Return the addresses of an embedded server's roles."""
    app, approver, reader = (server.url(DATABASE, login) for login in LOGINS)
    return Urls(app=app, approver=approver, reader=reader, admin=server.url(DATABASE))


async def _is_current(url: str) -> bool:
    """Say whether the database is there and has this build's migrations, without the migrator.

    Raises:
        SchemaBehind: an applied migration was edited, or is newer than this build.
    """
    try:
        async with connected(url) as connection:
            cursor = await connection.execute(APPLIED)
            return not pending(dict(await cursor.fetchall()))
    except SchemaBehind:
        raise
    except StoreError:  # no such database, login or table yet
        return False
