"""The leaf: SQL and Python hash the same header, whatever is in it."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import UTC, datetime

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import dict_row

from eventstore.store import PostgresStore
from schema.leaf import Header, body_hash_of, leaf_of
from tests.postgres_fixtures import ME, Database
from tests.store.chains import Chain, ready
from tests.store.chains import given as given_facts

ONE = Chain("one", target="ünïcode \\ 中 'quoted'")
COLUMNS = (
    *("text", "bigint", "uuid", "text", "int", "uuid", "bigint", "timestamptz", "text", "uuid"),
    *("bigint", "text", "text", "bytea", "text", "text", "timestamptz", "bytea"),
)

lines = st.text(
    st.characters(codec="utf-8", exclude_characters=[chr(n) for n in (*range(32), 127)]),
    max_size=300,
)
positions = st.integers(0, 2**63 - 1)
times = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
hashes = st.binary(min_size=32, max_size=32)
headers = st.builds(
    Header,
    account=lines,
    position=positions,
    event_id=st.uuids(),
    type=lines,
    version=st.integers(1, 2**31 - 1),
    trace=st.uuids(),
    cause=st.none() | positions,
    recorded_at=times,
    actor=lines,
    permit=st.none() | st.uuids(),
    spends=st.none() | positions,
    spends_type=st.none() | lines,
    posted_id=st.none() | lines,
    text_hash=st.none() | hashes,
    target=st.none() | lines,
    target_author=st.none() | lines,
    expires_at=st.none() | times,
    body_hash=hashes,
)

EXAMPLE = Header(
    account="me",
    position=7,
    event_id=ONE.id("event"),
    type="posting_stopped",
    version=1,
    trace=ONE.id("trace"),
    cause=None,
    recorded_at=datetime(2026, 1, 31, 12, 0, 0, 5, tzinfo=UTC),
    actor="a",
    permit=None,
    spends=None,
    spends_type=None,
    posted_id=None,
    text_hash=b"\1" * 32,
    target=None,
    target_author=None,
    expires_at=None,
    body_hash=b"\2" * 32,
)
OTHER = Header(
    account="you",
    position=8,
    event_id=ONE.id("other"),
    type="posting_allowed",
    version=2,
    trace=ONE.id("another"),
    cause=3,
    recorded_at=datetime(2026, 1, 31, 12, 0, 0, 6, tzinfo=UTC),
    actor="b",
    permit=ONE.id("permit"),
    spends=4,
    spends_type="permit_created",
    posted_id="c1",
    text_hash=b"\3" * 32,
    target="t1",
    target_author="ada",
    expires_at=datetime(2026, 1, 31, 13, tzinfo=UTC),
    body_hash=b"\4" * 32,
)
"""Differs from the example in every field."""


def in_sql(connection: psycopg.Connection[tuple[bytes]], header: Header) -> bytes:
    """Ask PostgreSQL for the leaf."""
    query = f"select gp.leaf({', '.join(f'%s::{column}' for column in COLUMNS)})"
    (leaf,) = connection.execute(query.encode(), astuple(header)).fetchone() or (b"",)
    return leaf


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(some=st.lists(headers, min_size=1, max_size=10))
def test_sql_and_python_agree(shared_database: Database, some: list[Header]) -> None:
    with psycopg.connect(shared_database.app_url, autocommit=True) as connection:
        for header in some:
            assert in_sql(connection, header) == leaf_of(header)


@pytest.mark.parametrize("field", Header.__dataclass_fields__)
def test_a_leaf_that_forgets_a_field_is_noticed(shared_database: Database, field: str) -> None:
    changed = replace(EXAMPLE, **{field: getattr(OTHER, field)})
    with psycopg.connect(shared_database.app_url, autocommit=True) as connection:
        assert in_sql(connection, EXAMPLE) == leaf_of(EXAMPLE)
        assert in_sql(connection, changed) == leaf_of(changed) != leaf_of(EXAMPLE)


def test_the_header_is_documented_text() -> None:
    assert EXAMPLE.encode().decode() == (
        "ghostproof/event/v1\naccount=me\nposition=7\n"
        f"event_id={ONE.id('event')}\ntype=posting_stopped\nversion=1\ntrace={ONE.id('trace')}\n"
        "recorded_at=1769860800000005\nactor=a\n"
        f"text_hash={'01' * 32}\nbody_hash={'02' * 32}\n"
    )


async def test_every_row_commits_to_its_columns_and_body(
    store: PostgresStore, database: Database
) -> None:
    await given_facts(store, *ready(ONE), ONE.click(), ONE.success())
    with psycopg.connect(database.reader_url, row_factory=dict_row) as connection:
        rows = connection.execute("select * from gp.log where account = %s", [ME]).fetchall()
    assert len(rows) == 6
    names = Header.__dataclass_fields__
    for row in rows:
        header = Header(**{name: row[name] for name in names})
        assert leaf_of(header) == row["leaf"]
        assert body_hash_of(row["salt"], row["body"]) == row["body_hash"]
    assert len({row["salt"] for row in rows}) == 6
