"""The embedded database: up while it is used, made and migrated when it has to be."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

import psycopg

from edge.database_urls import Urls
from edge.settings_build import git_sha
from eventstore.embedded import EmbeddedPostgres
from eventstore.install import EMBEDDED_LOGINS, install
from eventstore.migrating import check
from schema.errors import DatabaseUnreachable, SchemaBehind

DATABASE = "ghostproof"


async def embedded_urls(data_dir: Path, stack: AsyncExitStack) -> Urls:
    """Use the embedded server until the stack unwinds; its last user stops it."""
    server = EmbeddedPostgres(data_dir)
    await asyncio.to_thread(stack.enter_context, server.lease())
    urls = urls_of(server)
    try:
        await check(urls.reader)
    except (DatabaseUnreachable, SchemaBehind):
        await asyncio.to_thread(_create, server)
        await install(server.url(DATABASE), EMBEDDED_LOGINS, git_sha=git_sha())
    return urls


def urls_of(server: EmbeddedPostgres) -> Urls:
    """Return the addresses of an embedded server's roles."""
    logins = {group: server.url(DATABASE, login) for group, (login, _) in EMBEDDED_LOGINS.items()}
    return Urls(
        app=logins["gp_app"],
        approver=logins["gp_approver"],
        reader=logins["gp_reader"],
        admin=server.url(DATABASE),
    )


def _create(server: EmbeddedPostgres) -> None:
    try:
        server.create_database(DATABASE)
    except psycopg.errors.DuplicateDatabase:
        return
