"""Setting up a database: migrations, group roles, and the logins that are their members."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

import psycopg
from psycopg import sql

from eventstore.connection import Connection, connected
from eventstore.migrating import migrate
from eventstore.migrations import Migration
from eventstore.roles import GROUPS, admit
from schema.errors import BadInput

EMBEDDED_LOGINS: dict[str, tuple[str, str | None]] = {
    "gp_app": ("ghostproof_app", None),
    "gp_approver": ("ghostproof_approver", None),
    "gp_reader": ("ghostproof_reader", None),
    "gp_operator": ("ghostproof_operator", None),
}
"""Logins of the embedded server; its private socket is the door, so they have no passwords."""


async def install(
    admin_url: str,
    logins: Mapping[str, tuple[str, str | None]],
    *,
    git_sha: str = "unknown",
) -> list[Migration]:
    """Migrate, then create the logins (group -> name, password) and let them in; repeatable.

    Raises:
        UnsafeDatabase: the admin's login may not create roles.
    """
    for group in logins:
        if group not in GROUPS:
            raise BadInput(f"no such group: {group}", remedy=f"one of {', '.join(GROUPS)}")
    applied = await migrate(admin_url, git_sha=git_sha)
    async with connected(admin_url) as connection:
        for group, (login, password) in logins.items():
            await _admit(connection, group, login, password)
    return applied


async def _admit(connection: Connection, group: str, login: str, password: str | None) -> None:
    name = sql.Identifier(login)
    cursor = await connection.execute("select from pg_roles where rolname = %s", [login])
    if await cursor.fetchone() is None:
        # another database's installation may have been quicker
        with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
            await connection.execute(sql.SQL("create role {} login").format(name))
    if password is not None:
        change = sql.SQL("alter role {} password {}").format(name, sql.Literal(password))
        await connection.execute(change)
    await admit(connection, group, login)
    path = sql.SQL("alter role {} in database {} set search_path = gp, operators, public")
    await connection.execute(path.format(name, sql.Identifier(connection.info.dbname)))
