"""What SQL repeats of the program's own tables is the same there."""

from __future__ import annotations

from typing import Any, cast

import msgspec
import psycopg
import pytest

from projectors import VIEWS
from schema.catalogue import EVENT_TYPES, ROUTES
from schema.law import APPROVER_ONLY, LEGAL_MOVES, PROVES_A_POST
from tests.postgres_fixtures import Database


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    """Ask the database."""
    with psycopg.connect(database.admin_url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_the_law_is_the_same(shared_database: Database) -> None:
    allowed: set[tuple[str, str | None]] = {
        (kind, spent) for kind, spents in LEGAL_MOVES.items() for spent in spents
    }
    allowed |= {(kind, None) for kind in EVENT_TYPES if kind not in LEGAL_MOVES}
    names = ", ".join(f"('{kind}')" for kind in EVENT_TYPES)
    query = f"""
        with names(name) as (values {names})
        select a.name, b.name from names a, (table names union all select null) b
        where gp.legal_move(a.name, b.name)
    """
    assert set(rows(shared_database, query)) == allowed


def test_the_constraint_asks_the_same_function(shared_database: Database) -> None:
    query = "select pg_get_constraintdef(oid) from pg_constraint where conname = 'law'"
    assert rows(shared_database, query) == [("CHECK (gp.legal_move(type, spends_type))",)]


def test_the_append_function_judges_every_type_of_the_law(shared_database: Database) -> None:
    ((judged,),) = rows(shared_database, "select gp.law_types()")
    assert set(judged) == {*LEGAL_MOVES, "permit_created"}


def test_proofs_of_a_post_are_the_same(shared_database: Database) -> None:
    ((index,),) = rows(shared_database, "select pg_get_indexdef('gp.posted_once'::regclass)")
    assert {kind for kind in EVENT_TYPES if f"'{kind}'" in index} == set(PROVES_A_POST)


def test_orders_go_to_the_same_queues(shared_database: Database) -> None:
    assert dict(rows(shared_database, "select type, queue from gp.route")) == ROUTES
    queues = rows(shared_database, "select queue from gp.backlog()")
    assert {queue for (queue,) in queues} == set(ROUTES.values())


@pytest.mark.parametrize("kind", sorted(APPROVER_ONLY))
def test_the_application_may_not_say(shared_database: Database, kind: str) -> None:
    with (
        psycopg.connect(shared_database.app_url) as connection,
        pytest.raises(psycopg.Error) as caught,
    ):
        connection.execute("select gp.append_or_fail('me', %s, '{}')", [kind])
    assert caught.value.sqlstate == "GP005"


@pytest.mark.parametrize("view", sorted(VIEWS))
def test_a_views_columns_are_its_rows_fields(shared_database: Database, view: str) -> None:
    query = f"""
        select attname, atttypid::regtype::text, attnotnull from pg_attribute
        where attrelid = 'gp.view_{view}'::regclass and attnum > 0
    """
    found = rows(shared_database, query)
    columns = {name: (kind.replace("bigint", "integer"), needed) for name, kind, needed in found}
    fields = cast("msgspec.inspect.StructType", msgspec.inspect.type_info(VIEWS[view].row)).fields
    assert columns.pop("account") == ("text", True)
    wanted = {field.encode_name: expected(field.type) for field in fields}
    if view in TEXT_IDS:
        wanted |= {name: ("text", wanted[name][1]) for name in TEXT_IDS[view]}
    assert columns == wanted


TEXT_IDS = {
    "evaluations": ("evaluation_id",),
    "content": ("decision_id", "evaluation_id", "queue_id", "scheduler_run_id"),
}
"""Ids that are kept as text: operators join them to the texts of `event_data`."""

COLUMN_TYPES: dict[Any, str] = {
    msgspec.inspect.UUIDType: "uuid",
    msgspec.inspect.DateTimeType: "timestamp with time zone",
    msgspec.inspect.IntType: "integer",
    msgspec.inspect.FloatType: "double precision",
    msgspec.inspect.BoolType: "boolean",
    msgspec.inspect.DecimalType: "numeric",
    msgspec.inspect.StrType: "text",
    msgspec.inspect.EnumType: "text",
}


def expected(kind: Any) -> tuple[str, bool]:
    """Return the column type of a row's field, and whether it is never null."""
    if isinstance(kind, msgspec.inspect.UnionType):
        (inner,) = [t for t in kind.types if not isinstance(t, msgspec.inspect.NoneType)]
        return expected(inner)[0], False
    return COLUMN_TYPES.get(type(kind), "jsonb"), True
