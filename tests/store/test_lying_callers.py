"""Calls of the append function that no program of ours makes: columns, shapes and bodies by hand.

Whoever holds the application's login can make them, and the law must hold against it.
"""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg import sql

from eventstore.store import PostgresStore
from schema.contracts import NewEvent
from schema.errors import AppendRefused
from schema.law import law_columns
from schema.wire import encode
from tests.postgres_fixtures import ME, Database
from tests.store.chains import TEXT, Chain, allowed, caps, digest, given, ready, say, stopped

pytestmark = pytest.mark.postgres

ONE = Chain("one")
WORKER = str(ONE.id("worker"))
COLUMNS = {
    "command": "int",
    "actor": "text",
    "event_id": "uuid",
    "type": "text",
    "version": "int",
    "trace": "uuid",
    "trace_of": "uuid",
    "cause": "uuid",
    "body": "bytea",
    "permit": "uuid",
    "spends": "uuid",
    "posted_id": "text",
    "text_hash": "bytea",
    "target": "text",
    "target_author": "text",
    "ttl_s": "int",
}
Call = dict[str, Any]


def call(new: NewEvent, **lies: Any) -> Call:
    """Return the columns of a call with one event, some of them replaced; arrays or their text."""
    kind = str(type(new.event).__struct_config__.tag)
    law = law_columns(new.event)
    columns = {"command": 0, "actor": "liar", "event_id": new.event_id, "type": kind, "version": 1}
    columns |= {"trace": ONE.trace, "body": encode(new.event), "permit": law.permit}
    columns |= {"spends": law.spends, "text_hash": law.text_hash, "target": law.target}
    columns |= {"target_author": law.target_author}
    return {name: [value] for name, value in columns.items()} | lies


def raw(connection: psycopg.Connection[Any], said: Call) -> str:
    """Make the call and return its first code: a verdict's, or an error's SQLSTATE."""
    values = [
        sql.SQL("%s::" + kind + "[]")  # one of ours
        for kind in COLUMNS.values()
    ]
    query = sql.SQL("select code from gp.append('me', row({})::gp.arrivals, null)")
    try:
        row = connection.execute(
            query.format(sql.SQL(", ").join(values)), [said.get(name) for name in COLUMNS]
        ).fetchone()
    except psycopg.Error as error:
        return error.sqlstate or ""
    return row[0] if row else ""


@pytest.mark.parametrize(
    "body",
    [
        b'{"source": null, "held_by": "logged"}',
        b'{"held_by": "logged"}',
        b'{"source": "logged", "source": null, "held_by": "logged"}',
        b'{"source": "logged:' + WORKER.encode() + b'"}',
        b'{"source": null, "held_by": "logged:' + WORKER.encode() + b'"}',
        b'{"source": "flag", "source": "logged"}',
        b'{"\\u0073ource": "logged"}',
        b' {"source": "logged"} ',
        b'{"source": "logged", "held_by": "' + WORKER.encode() + b'"}',
        b'["logged"]',
        b'{"source": ["logged"]}',
        b"null",
        b"",
        b"\xff",
    ],
    ids=repr,
)
async def test_no_body_ends_a_logged_stop(
    store: PostgresStore, database: Database, body: bytes
) -> None:
    """A hold is made of two fields, and no other two are made into the logged one."""
    holder = ONE.id("worker")
    await given(store, stopped(), stopped("held", held_by=holder), *ready(ONE))
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        assert raw(connection, call(allowed("end"), body=[body])) != "ok"
    assert (await say(store, ONE.click())).code == "GP020"
    await given(store, allowed("1"), allowed("2", held_by=holder), ONE.click())


async def test_what_a_person_approved_for_one_target_is_not_clicked_on_another(
    store: PostgresStore, database: Database
) -> None:
    """The permit's body, which a person reads, names one post; its column named another."""
    elsewhere = {"target": ["post-9"], "target_author": ["eve"]}
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        assert raw(connection, call(ONE.created(), **elsewhere)) == "ok"
        await given(store, caps(), ONE.drafted(), ONE.approved(text_hash=digest(TEXT)))
        assert raw(connection, call(ONE.click(), **elsewhere)) == "GP024"
        assert raw(connection, call(ONE.click())) == "GP024"


SHAPES: dict[str, Call] = {
    "no number": {"command": [None]},
    "a number below all": {"command": [-1]},
    "the largest number": {"command": [2**31 - 1]},
    "numbers counted from 0": {"command": "[0:0]={0}"},
    "numbers in a table": {"command": [[0]]},
    "no numbers": {"command": None},
    "more numbers than events": {"command": [0, 1]},
    "types in a table": {"type": [["click_attempt"]]},
    "types counted from 7": {"type": "[7:7]={click_attempt}"},
    "ids counted from 7": {"event_id": f"[7:7]={{{ONE.id('click')}}}"},
    "more ids than types": {"event_id": [ONE.id("click"), ONE.id("more")]},
    "no trace": {"trace": None},
    "the approval's trace": {"trace": None, "trace_of": [ONE.id("approved")]},
    "itself": {"spends": [ONE.id("click")]},
    "no permit": {"permit": None},
    "another case": {"type": ["Click_Attempt"]},
    "a space behind": {"type": ["click_attempt "]},
    "behind an approval of its own": {
        "command": [0, 1],
        "actor": ["liar"] * 2,
        "event_id": [ONE.id("own"), ONE.id("click")],
        "type": ["permit_approved ", "click_attempt"],
        "version": [1, 1],
        "trace": [ONE.trace] * 2,
        "body": [b"{}"] * 2,
        "permit": [ONE.id("permit")] * 2,
        "spends": [None, ONE.id("own")],
        "text_hash": [bytes.fromhex(digest(TEXT))] * 2,
        "target": [ONE.target] * 2,
        "target_author": [ONE.author] * 2,
    },
}


def clicks(connection: psycopg.Connection[Any]) -> int:
    query = "select count(*) from gp.log where type ilike '%click%'"
    return connection.execute(query).fetchone()[0]  # type: ignore[index]


@pytest.mark.parametrize("shape", SHAPES)
async def test_no_shape_of_a_call_clicks_on_an_expired_permit(
    store: PostgresStore, database: Database, shape: str
) -> None:
    await given(store, caps(), ONE.created(), ONE.approved(ttl_s=0), ONE.drafted())
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        raw(connection, call(ONE.click(), **SHAPES[shape]))
        assert clicks(connection) == 0
    await given(store, stopped())


async def test_a_call_in_its_right_shape_clicks(store: PostgresStore, database: Database) -> None:
    """The sibling of the tests above: it is the lie that is refused."""
    await given(store, *ready(ONE))
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        assert raw(connection, call(ONE.click())) == "ok"
        assert clicks(connection) == 1


@pytest.mark.parametrize("level", ["repeatable read", "serializable"])
async def test_a_snapshot_from_before_a_stop_buys_nothing(
    store: PostgresStore, database: Database, level: str
) -> None:
    await given(store, *ready(ONE))
    with psycopg.connect(database.app_url) as connection:
        connection.execute(f"set transaction isolation level {level}".encode())
        connection.execute("select count(*) from gp.log")
        await given(store, stopped())
        assert raw(connection, call(ONE.click())) == "40001"


SHADOWS = [
    (
        "create function pg_temp.click_refusal(gp.head, timestamptz, gp.log, bytea, text, text)"
        " returns text language sql as 'select null::text'"
    ),
    "create function pg_temp.law_types() returns text[] language sql as 'select array[]::text[]'",
    "create function pg_temp.never(text, text) returns boolean language sql as 'select false'",
    "create operator pg_temp.= (leftarg = text, rightarg = text, function = pg_temp.never)",
    "create temp table head as select 'me'::text as account, '{}'::text[] as stops",
    "create temp table log (account text)",
    "create domain pg_temp.text as pg_catalog.text default ''",
    "set search_path = pg_temp, gp, pg_catalog",
    "set row_security = off",
    "set transform_null_equals = on",
    "set array_nulls = off",
]


async def test_nothing_of_a_session_stands_before_the_law(
    store: PostgresStore, database: Database
) -> None:
    """Names made in the session's own schema, and settings that it may change."""
    await given(store, *ready(ONE), stopped())
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        for shadow in SHADOWS:
            connection.execute(shadow.encode())
        assert raw(connection, call(ONE.click())) == "GP020"


@pytest.mark.parametrize("position", [b'"abc"', b"null", b"1.5", b"1e300", b"[0]", b'{"a": 0}'])
async def test_an_erasure_that_names_nothing_stops_no_other(
    store: PostgresStore, database: Database, position: bytes
) -> None:
    await given(store, ONE.created(), ONE.drafted())
    junk = {"type": ["payload_erased"], "permit": None}
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        assert raw(connection, call(caps(), **junk, body=[b'{"position": %s}' % position])) == "ok"
        with pytest.raises(AppendRefused):
            await store.erase(ME, 0)
        assert raw(connection, call(allowed("named"), **junk, body=[b'{"position": 1}'])) == "ok"
    assert await store.erase(ME, 1)
    with pytest.raises(AppendRefused):
        await store.erase(ME, 0)
