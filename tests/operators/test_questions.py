"""A hundred questions of operators: each is answered, and none reads a whole log to do so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from bench.operator_queries import queries
from bench.operators import IDS
from tests.postgres_fixtures import Database

HUNDRED = 100
IDS_ASKED = ("tweet", "decision", "permit", "run", "queue", "target", "evaluation", "ghost")
ANYTHING = dict.fromkeys(IDS_ASKED, "none")
WHOLE_LOG = re.compile(r"Seq Scan on log\b")


@pytest.fixture(scope="module")
def operator(played: Database) -> Iterator[psycopg.Connection[Any]]:
    """Connect as an operator; a log as short as this is read whole unless that is forbidden."""
    options = "-csearch_path=operators -cenable_seqscan=off"
    with psycopg.connect(
        played.url("gp_operator"), options=options, cursor_factory=psycopg.ClientCursor
    ) as connection:
        yield connection


def test_there_are_a_hundred() -> None:
    assert len(queries()) == HUNDRED


@pytest.mark.parametrize("name", queries())
def test_a_question_is_answered_through_an_index(
    operator: psycopg.Connection[Any], name: str
) -> None:
    asked = queries()[name].encode()
    operator.execute(asked, ANYTHING)
    plan = operator.execute(b"explain " + asked, ANYTHING).fetchall()
    assert not [line for (line,) in plan if WHOLE_LOG.search(line)]


@pytest.mark.parametrize("condition", ["message = 'x'", "event_data ->> 'mood' = 'x'"])
def test_a_question_that_has_no_index_is_noticed(
    operator: psycopg.Connection[Any], condition: str
) -> None:
    asked = f"explain select * from system_events where {condition}"
    plan = operator.execute(asked.encode()).fetchall()
    assert [line for (line,) in plan if WHOLE_LOG.search(line)]


def test_the_benchmark_asks_about_a_reply_that_is_there(
    operator: psycopg.Connection[Any],
) -> None:
    cursor = operator.execute(IDS)
    assert {column.name for column in cursor.description or ()} == set(ANYTHING)
    assert "c-marta" in (cursor.fetchone() or ())
