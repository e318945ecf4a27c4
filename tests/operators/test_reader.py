"""Who reads as an operator sees the views and nothing else, by their bare names."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql

from eventstore.install import install
from tests.operators.test_columns import COLUMNS
from tests.postgres_fixtures import LOGINS, Database, created

REFUSED = [
    "select * from gp.log",
    "select * from gp.view_permits",
    "select * from gp.migration",
    "select gp.append('me', null, null)",
    "select gp.event_data('x', '{}')",
    "select * from pgmq.q_click",
    "create table operators.mine ()",
    "create view operators.mine as select 1",
    "create table public.mine ()",
    "drop view operators.outcomes",
    "set role gp_owner",
    "insert into bandit_arms (arm) values ('x')",
    "update post_attempts set reason_code = null",
    "update bandit_arms set alpha = 1",
    "delete from api_usage",
]


@pytest.fixture(scope="module")
def installed(server_url: str) -> Iterator[Database]:
    """Install into a database as `db migrate` does; a clone would lack its settings."""
    with created(server_url, "ghostproof_operators_reader") as url:
        asyncio.run(install(url, LOGINS))
        yield Database(url)


@pytest.mark.parametrize("group", LOGINS)
def test_every_role_finds_every_view_by_its_bare_name(installed: Database, group: str) -> None:
    with psycopg.connect(installed.url(group)) as connection:
        for view in COLUMNS:
            connection.execute(sql.SQL("select * from {}").format(sql.Identifier(view)))


def test_a_role_that_we_do_not_know_finds_the_names_too(installed: Database) -> None:
    with psycopg.connect(installed.admin_url) as connection:
        assert connection.execute("select to_regclass('system_events')::text").fetchone() == (
            "system_events",
        )


def test_a_path_that_somebody_set_is_kept_and_ours_comes_first(empty_database: str) -> None:
    with psycopg.connect(empty_database, autocommit=True) as connection:
        name = sql.Identifier(connection.info.dbname)
        connection.execute(sql.SQL("alter database {} set search_path = theirs").format(name))
    for _ in range(2):
        asyncio.run(install(empty_database, LOGINS))
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("show search_path").fetchone() == ("operators, theirs",)


@pytest.mark.parametrize("query", REFUSED)
def test_an_operator_may_not(installed: Database, query: str) -> None:
    with (
        psycopg.connect(installed.url("gp_operator")) as connection,
        pytest.raises(psycopg.Error) as caught,
    ):
        connection.execute(query.encode())
    assert caught.value.sqlstate == "42501"


def test_an_operator_can_select_from_nothing_but_the_views(installed: Database) -> None:
    query = """
        select n.nspname || '.' || c.relname from pg_class c join pg_namespace n
          on n.oid = c.relnamespace
        where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_t'
          and c.relkind in ('r', 'v', 'm', 'p', 'f')
          and has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
    """
    with psycopg.connect(installed.url("gp_operator")) as connection:
        found = {name for (name,) in connection.execute(query).fetchall()}
    assert found == {f"operators.{view}" for view in COLUMNS}


def test_an_operator_can_call_no_function_of_ours(installed: Database) -> None:
    query = """
        select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname in ('gp', 'operators', 'public', 'pgmq')
          and has_schema_privilege(n.oid, 'usage') and has_function_privilege(p.oid, 'execute')
    """
    with psycopg.connect(installed.url("gp_operator")) as connection:
        assert connection.execute(query).fetchall() == []
