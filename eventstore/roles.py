"""Group roles: an owner of everything; application, approver, reader of all, operator of views."""

from __future__ import annotations

import psycopg
from psycopg import sql

from eventstore.connection import Connection, connected
from schema.errors import UnsafeDatabase

OWNER = "gp_owner"
GROUPS = ("gp_owner", "gp_app", "gp_approver", "gp_reader", "gp_operator")
MEMBERSHIP_OPTIONS = 160_000  # from PostgreSQL 16 on, who creates a role must grant itself SET


async def create_groups(connection: Connection) -> None:
    """Create the group roles where they are missing, and join the owner's.

    Raises:
        UnsafeDatabase: this login may not create roles; the remedy is SQL for an administrator.
    """
    for group in GROUPS:
        await _create(connection, group)
    if await _is_member(connection, OWNER, "current_user"):
        return
    try:
        await connection.execute(_join(connection))
    except psycopg.errors.InsufficientPrivilege as error:
        raise _not_allowed(connection, error) from error


async def become_owner(connection: Connection, *, single_role: bool) -> None:
    """Own what this transaction creates as `gp_owner`, unless there is but one role."""
    if not single_role:
        await connection.execute("set local role gp_owner")


async def admit(connection: Connection, group: str, login: str) -> None:
    """Make a login a member of a group, unless it is one."""
    if not await _is_member(connection, group, login):
        names = sql.Identifier(group), sql.Identifier(login)
        await connection.execute(sql.SQL("grant {} to {}").format(*names))


def plan_sql_for_administrator(database: str, user: str) -> str:
    """Return the SQL that an administrator runs once for a login that may not create roles."""
    lines = [f"create role {group} nologin;" for group in GROUPS]
    lines += [
        f'grant gp_owner to "{user}";',
        f'grant create on database "{database}" to "{user}";',
        f'grant gp_app to "{user}"; -- or to the login of DATABASE_URL',
    ]
    return "\n".join(lines)


async def sql_for_administrator(url: str) -> str | None:
    """Return what an administrator must run, None where this login can do it or it is done."""
    async with connected(url) as connection:
        cursor = await connection.execute(
            "select rolsuper or rolcreaterole,"
            " (select count(*) from pg_roles where rolname = any(%s)) from pg_roles"
            " where rolname = current_user",
            [list(GROUPS)],
        )
        able, present = await cursor.fetchone() or (False, 0)
        if able or present == len(GROUPS):
            return None
        return plan_sql_for_administrator(connection.info.dbname, connection.info.user)


async def _create(connection: Connection, group: str) -> None:
    cursor = await connection.execute("select from pg_roles where rolname = %s", [group])
    if await cursor.fetchone() is not None:
        return
    try:
        await connection.execute(sql.SQL("create role {} nologin").format(sql.Identifier(group)))
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        return  # roles are the whole cluster's; another database's migration was quicker
    except psycopg.errors.InsufficientPrivilege as error:
        raise _not_allowed(connection, error) from error


async def _is_member(connection: Connection, group: str, login: str) -> bool:
    # a creator of roles is a member by PostgreSQL 16's rules, but may not set the role yet
    how = "set" if connection.info.server_version >= MEMBERSHIP_OPTIONS else "member"
    user = sql.SQL("current_user") if login == "current_user" else sql.Literal(login)
    query = sql.SQL("select pg_has_role({}, {}, {})").format(user, group, how)
    cursor = await connection.execute(query)
    return await cursor.fetchone() == (True,)


def _join(connection: Connection) -> sql.SQL:
    if connection.info.server_version >= MEMBERSHIP_OPTIONS:
        return sql.SQL("grant gp_owner to current_user with set true, inherit true")
    return sql.SQL("grant gp_owner to current_user")


def _not_allowed(connection: Connection, error: psycopg.Error) -> UnsafeDatabase:
    script = plan_sql_for_administrator(connection.info.dbname, connection.info.user)
    return UnsafeDatabase(
        f"the login {connection.info.user} cannot set up roles: {error}",
        remedy=f"let an administrator run this, or set single_role = true\n{script}",
    )
