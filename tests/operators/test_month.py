"""The benchmark's log is one that the program itself could have: it reads it and goes on in it."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import psycopg
import pytest

from bench.copying import copy
from bench.month import Month
from projectors import VIEWS
from schema.contracts import Command, NewEvent
from schema.events.learning import MetricsPassClosed
from schema.ids import Account, EventId, named
from tests.postgres_fixtures import Database

HERE = Account("copied")
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 0.1


async def test_a_copied_log_is_read_folded_and_continued(database: Database) -> None:
    with psycopg.connect(database.admin_url) as connection:
        size = copy(connection, HERE, Month(BEGIN, Random(1)).events(DAYS))
    told = [event for _, event in Month(BEGIN, Random(1)).events(DAYS)]
    async with database.store() as store:
        page = await store.read(HERE, limit=size)
        assert [recorded.event for recorded in page.events] == told
        for view in VIEWS.values():
            while await store.run_projector(view, HERE):
                pass
        permits = await store.view_rows(VIEWS["permits"], HERE)
        assert {permit.status for permit in permits} >= {"confirmed"}
        new = NewEvent(EventId(named("next")), MetricsPassClosed(found=0, ordered=0))
        (verdict,) = await store.append(HERE, [Command((new,))], actor="test")
        assert (verdict.code, verdict.position) == ("ok", size)


async def test_a_month_that_breaks_the_law_is_refused(database: Database) -> None:
    told = list(Month(BEGIN, Random(1)).events(DAYS))
    without = [one for one in told if type(one[1]).__name__ != "PermitApproved"]
    with (
        psycopg.connect(database.admin_url) as connection,
        pytest.raises(psycopg.errors.CheckViolation) as caught,
    ):
        copy(connection, HERE, without)
    assert caught.value.diag.constraint_name == "law"
