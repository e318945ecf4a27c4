"""A hundred questions of operators: each is answered, and none reads a whole table for that."""

from __future__ import annotations

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
CONDITIONS = ("Index Cond", "Recheck Cond")
FEW = {"", "view_ghosts", "view_arms"}
"""Tables of so few rows that reading them whole costs nothing."""
Plan = dict[str, Any]


def plan_of(operator: psycopg.Connection[Any], asked: bytes) -> Plan:
    """Return how PostgreSQL would answer."""
    row = operator.execute(b"explain (format json) " + asked, ANYTHING).fetchone()
    assert row is not None
    return dict(row[0][0]["Plan"])


def reads_all(plan: Plan, *, limited: bool = False) -> Iterator[str]:
    """Name each table whose every row is looked at: one by one, or in the order of an index.

    Under a limit an index's order may be followed: it ends early.
    """
    kind = plan["Node Type"]
    walks = "Filter" in plan and not limited and not any(name in plan for name in CONDITIONS)
    if plan.get("Relation Name", "") not in FEW and (kind == "Seq Scan" or walks):
        yield str(plan.get("Relation Name"))
    limited = kind == "Limit" or (limited and kind not in {"Sort", "Aggregate"})
    for part in plan.get("Plans", ()):
        yield from reads_all(part, limited=limited)


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
    assert list(reads_all(plan_of(operator, asked))) == []


@pytest.mark.parametrize("order", ["", "order by created_at"])
@pytest.mark.parametrize("condition", ["message = 'x'", "event_data ->> 'mood' = 'x'"])
def test_a_question_that_has_no_index_is_noticed(
    operator: psycopg.Connection[Any], condition: str, order: str
) -> None:
    asked = f"select * from system_events where {condition} {order}"
    assert list(reads_all(plan_of(operator, asked.encode())))


def test_the_benchmark_asks_about_a_reply_that_is_there(
    operator: psycopg.Connection[Any],
) -> None:
    cursor = operator.execute(IDS)
    assert {column.name for column in cursor.description or ()} == set(ANYTHING)
    assert "c-marta" in (cursor.fetchone() or ())
