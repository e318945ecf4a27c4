"""Plans: every question to a log that nobody has analysed yet goes through its own index."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from eventstore.connection import SETTINGS
from eventstore.statements import page_of, statement
from schema.ids import named
from schema.landmarks import LANDMARKS
from tests.postgres_fixtures import ME, Database

ASKED: dict[str, Any] = {
    "account": ME,
    "after": 10,
    "limit": 100,
    "types": ["click_attempt", "posting_success"],
    "trace": named("test", "trace"),
    "event_id": named("test", "event"),
}
ATTEMPTS = """
select max(recorded_at) from gp.log
where account = 'me' and type = 'click_attempt' and recorded_at > now() - interval '1 day'
"""


@pytest.fixture
def connection(shared_database: Database) -> Iterator[psycopg.Connection[Any]]:
    """Connect with the settings that every session of the program has."""
    with psycopg.connect(
        shared_database.app_url, autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as connection:
        for name, value in SETTINGS.items():
            connection.execute("select set_config(%s, %s, false)", [name, value])
        yield connection


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("read_page", "log_pkey"),
        ("read_landmarks", "landmarks"),
        ("read_trace", "in_trace"),
        ("read_event", "event_id_once"),
    ],
)
@pytest.mark.parametrize("types", [None, ASKED["types"]], ids=["all types", "some types"])
def test_a_query_has_its_index(
    connection: psycopg.Connection[Any], query: str, index: str, types: list[str] | None
) -> None:
    assert index in plan(connection, page_of(query), ASKED | {"types": types})


def test_caps_look_at_attempts_alone(connection: psycopg.Connection[Any]) -> None:
    assert "attempts" in plan(connection, ATTEMPTS, {})


def test_the_index_of_landmarks_and_its_query_have_the_same_list(
    connection: psycopg.Connection[Any],
) -> None:
    predicate = (
        "select pg_get_expr(indpred, indrelid) from pg_index where indexrelid = %s::regclass"
    )
    (indexed,) = connection.execute(predicate, ["gp.landmarks"]).fetchone() or ("",)
    assert set(re.findall(r"'(\w+)'", indexed)) == LANDMARKS
    listed = statement("read_landmarks").partition("type in (")[2].partition(")")[0]
    assert set(re.findall(r"'(\w+)'", listed)) == LANDMARKS


def plan(connection: psycopg.Connection[Any], query: str, asked: dict[str, Any]) -> str:
    """Return the plan of a query as text."""
    rows = connection.execute(f"explain {query}".encode(), asked).fetchall()
    return "\n".join(line for (line,) in rows)
