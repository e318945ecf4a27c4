"""An id from outside may be absurdly long: it is stored, folded and found all the same."""

from __future__ import annotations

from random import Random
from typing import Any

import psycopg

from eventstore.store import PostgresStore
from projectors import VIEWS
from schema.contracts import Command, NewEvent
from schema.events.base import Event
from schema.events.legacy import LegacyPostImported
from schema.ids import EventId, named
from tests.handlers.facts import evaluated, post, queued
from tests.handlers.given import NOON
from tests.postgres_fixtures import ME, Database

LONG = "".join(Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=8_000))
"""Random, so that compression does not make it fit."""


async def say(store: PostgresStore, *events: Event) -> None:
    news = [NewEvent(EventId(named("long", str(n))), event) for n, event in enumerate(events)]
    (verdict,) = await store.append(ME, [Command(tuple(news))], actor="test")
    assert verdict.stands


def ask(database: Database, query: str) -> list[tuple[Any, ...]]:
    options = "-csearch_path=operators"
    with psycopg.connect(database.url("gp_operator"), options=options) as connection:
        return connection.execute(query.encode(), [LONG]).fetchall()


async def test_a_decision_of_an_older_system(store: PostgresStore, database: Database) -> None:
    imported = LegacyPostImported(
        table="posts", key="1", posted_id=None, posted_at=NOON, decision_id=LONG
    )
    await say(store, imported)
    query = "select event_type from system_events where event_data ->> 'decision_id' = %s"
    assert ask(database, query) == [("legacy_post_imported",)]


async def test_a_post_of_a_strange_site(store: PostgresStore, database: Database) -> None:
    await say(store, evaluated(1, post=post(1, post_id=LONG)), queued(1, post_id=LONG))
    for view in ("evaluations", "queue"):
        assert await store.run_projector(VIEWS[view], ME) == 1
    for view in ("candidate_evaluations", "reply_candidate_queue"):
        query = f"select predicted_tier from {view} where candidate_tweet_id = %s"
        assert ask(database, query) == [("A",)]
