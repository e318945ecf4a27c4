"""The kit that runs handlers in memory agrees with the real store on answers and states."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
import psycopg
import pytest

import handlers
from eventstore.store import PostgresStore
from schema.catalogue import type_of
from schema.contracts import Command, Handler, NewEvent, Recorded
from schema.events.base import Event, permit_ids
from schema.events.drafting import DraftCreated, DraftRequested
from schema.events.judging import CandidateJudged, JudgementRequested, Tier
from schema.events.operations import Job
from schema.ids import EventId, named
from schema.law import APPROVER_ONLY
from schema.rules import PermitRules
from tests.handlers.facts import allowed, due, found, rules, stopped
from tests.handlers.given import Running
from tests.handlers.world import SENTENCES
from tests.postgres_fixtures import ME, Database

pytestmark = pytest.mark.postgres

NO_GAP = rules(permit=PermitRules(gap_s=0))
EVENTS_MAX = 1000


def facts(chance: Random) -> list[Event]:
    """Choose what happens in one round, new posts and due slots above all."""
    candidates = [found(chance.randrange(8), posted_at=None) for _ in range(3)]
    jobs = [due(chance.choice(list(Job)), seed=chance.randrange(9)) for _ in range(4)]
    return [
        *candidates,
        *jobs,
        due(Job.SCHEDULE),
        due(Job.POST),
        chance.choice([stopped(), allowed(), NO_GAP]),
    ]


def answer(row: Recorded[Any], chance: Random) -> Event | None:
    """Carry out an order of the model; every other order waits for ever."""
    event = row.event
    match event:
        case JudgementRequested():
            return CandidateJudged(
                candidate_id=event.candidate_id,
                evaluation_id=event.evaluation_id,
                relevance=0.9,
                reply_worthiness=0.9,
                risk=chance.random(),
                tier=chance.choice(list(Tier)),
                why="",
            )
        case DraftRequested():
            text = chance.choice([*SENTENCES, "Too short."])
            return DraftCreated(
                **permit_ids(event), ordinal=event.ordinal, text=text, language="en"
            )
        case _:
            return None


async def say(store: PostgresStore, event: Event, name: str) -> None:
    command = Command((NewEvent(EventId(named("agrees", name)), event),))
    approver = event == allowed() or type_of(event) in APPROVER_ONLY
    await store.append(ME, [command], actor="world", approver=approver)


async def live(store: PostgresStore, chance: Random, batch: int) -> list[Recorded[Any]]:
    """Let some rounds pass; return the log."""
    await say(store, NO_GAP, "rules")
    answered = -1
    for turn in range(6):
        for place, event in enumerate(facts(chance)):
            await say(store, event, f"{turn}.{place}")
        while any([await store.run_handler(part, ME, batch=batch) for part in handlers.ALL]):
            pass
        for row in (await store.read(ME, after=answered)).events:
            answered = row.position
            if (answered_with := answer(row, chance)) is not None:
                await say(store, answered_with, f"answer {row.position}")
    while any([await store.run_handler(part, ME, batch=batch) for part in handlers.ALL]):
        pass
    return list((await store.read(ME, limit=EVENTS_MAX)).events)


def stored_states(database: Database, handler: Handler) -> dict[tuple[str, str], Any]:
    query = "select fold, key, state from gp.handler_state where handler = %s"
    with psycopg.connect(database.admin_url) as connection:
        rows = connection.execute(query, [handler.name]).fetchall()
    return {
        (fold, key): msgspec.json.decode(state, type=handler.folds[fold].state)
        for fold, key, state in rows
    }


@pytest.mark.parametrize(("chance", "batch"), [(1, 1), (2, 3), (3, 200)])
async def test_a_random_history_is_run_alike(
    store: PostgresStore, database: Database, chance: int, batch: int
) -> None:
    log = await live(store, Random(chance), batch)
    known = {row.event_id: row for row in log}
    assert {"permit_created", "draft_requested", "slot_closed"} <= {row.type for row in log}
    for handler in handlers.ALL:
        running = Running(handler)
        said: list[NewEvent] = []
        for row in log:
            if isinstance(row.event, handler.hears + handler.says):
                command = running.consume(row, lambda c: c.events[0].event_id in known)
                said += command.events if command else ()
        own = [row for row in log if row.actor == handler.name]
        assert {(new.event_id, new.cause) for new in said} == {
            (row.event_id, log[row.cause or 0].event_id) for row in own
        }
        assert all(known[new.event_id].event == new.event for new in said)
        folds = handler.folds
        kept = {p: s for p, s in running.states.known.items() if s != folds[p[0]].initial}
        assert kept == stored_states(database, handler), handler.name
