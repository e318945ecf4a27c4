"""The law for whoever writes SQL by hand: refusals are SQLSTATEs, and what stands can be read."""

from __future__ import annotations

import json

import psycopg
import pytest
from msgspec.structs import replace as changed

from eventstore.store import PostgresStore
from schema.ids import EventId
from tests.postgres_fixtures import ME, Database
from tests.store.chains import Chain, allowed, digest, given, stopped

ONE = Chain("one")


async def test_psql_shows_the_sqlstate(store: PostgresStore, database: Database) -> None:
    await given(store, ONE.created())
    bare = {"permit_id": str(ONE.id("permit"))}
    wrong = bare | {"candidate_id": str(ONE.trace), "spends": str(ONE.id("created"))}
    wrong["text_hash"] = digest("x")
    with psycopg.connect(database.app_url, autocommit=True) as connection:
        query = "select gp.append_or_fail('me', 'click_attempt', %s::jsonb)"
        for body, code in ((bare, "GP010"), (wrong, "GP014")):
            with pytest.raises(psycopg.Error) as caught:
                connection.execute(query, [json.dumps(body)])
            assert caught.value.sqlstate == code


async def test_what_psql_appends_can_be_read(store: PostgresStore, database: Database) -> None:
    stop = '{"source": "logged", "why": "look", "by": "me"}'
    query = "select gp.append_or_fail('me', %s, %s::jsonb)"
    with psycopg.connect(database.approver_url, autocommit=True) as connection:
        assert connection.execute(query, ["posting_stopped", stop]).fetchone() == (0,)
        assert connection.execute(query, ["posting_allowed", stop]).fetchone() == (1,)
    page = await store.read(ME)
    assert [recorded.event for recorded in page.events] == [
        changed(stopped().event, why="look"),
        changed(allowed().event, why="look"),
    ]
    assert {EventId(recorded.trace) for recorded in page.events} == {
        recorded.event_id for recorded in page.events
    }
