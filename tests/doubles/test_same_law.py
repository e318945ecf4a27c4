"""The store double and PostgreSQL answer every history alike: else simulation proves nothing."""

from __future__ import annotations

import psycopg
import pytest

from tests.doubles.comparing import compare
from tests.doubles.tally import Tally
from tests.postgres_fixtures import Database, database, server_url, shared_database, template

__all__ = ["database", "server_url", "shared_database", "template"]

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

ANSWERS = {
    *("ok", "same", "GP002", "GP003", "GP005"),
    *("GP010", "GP011", "GP012", "GP013", "GP014", "GP016"),
    *("GP020", "GP021", "GP022", "GP023", "GP024", "GP025"),
}
"""All that a click can be answered."""
TIMES_MIN = 5
"""How often each answer must come; what is never drawn is not compared."""


def test_the_double_and_postgresql_answer_every_history_alike(shared_database: Database) -> None:
    tally = Tally()
    compare(shared_database, tally, examples=100, steps=20)
    assert set(tally.answers) == ANSWERS, tally
    assert min(tally.answers.values()) >= TIMES_MIN, tally
    assert len(tally.with_a_click) >= 0.9 * tally.histories, tally


NO_CAPS = """
create or replace function gp.cap_refusal(h gp.head, p_at timestamptz, p_author text) returns text
language sql stable return null::text
"""


def test_a_law_that_forgets_the_caps_is_noticed(database: Database) -> None:
    with psycopg.connect(database.admin_url, autocommit=True) as admin:
        admin.execute(NO_CAPS)
    tally = Tally()
    with pytest.raises(AssertionError, match=r"click_attempt .*'ok .*'GP023'"):
        compare(database, tally, examples=100, steps=20, shrink=False)
    assert tally.differed
