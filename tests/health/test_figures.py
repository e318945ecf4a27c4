"""The figures are the log's and the read models', and they show no content."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from prometheus_client.parser import text_string_to_metric_families

from edge.health import names
from edge.health.looking import FRESH_S
from edge.health.samples import of_totals
from edge.health.totals import Totals
from edge.health.vitals import Phase, State
from eventstore import vital_signs as asking
from eventstore.connection import connected
from eventstore.vital_signs import Head, Tallied
from projectors.ghosts import ghosts
from projectors.permits import permits
from projectors.proof import proof
from schema.contracts import Command, NewEvent, Recorded
from schema.events.base import Event
from schema.events.judging import ModelCalled
from schema.events.money import CircuitClosed, CircuitOpened
from schema.ids import SYSTEM, Account, EventId, named
from tests.doubles.clock import VirtualClock
from tests.doubles.story import ACCOUNT
from tests.health.http import Served, served
from tests.postgres_fixtures import Database

postgres = pytest.mark.postgres
Values = dict[tuple[str, ...], float]


async def metrics(server: Served) -> dict[str, Values]:
    """Return name -> label values -> value, as Prometheus reads the page."""
    answer = await server.get("/metrics")
    assert answer.status == 200
    found: dict[str, Values] = {}
    by_name = {metric.name: metric for metric in names.ALL}
    for family in text_string_to_metric_families(answer.body):
        for sample in family.samples:
            labels = tuple(sample.labels[label] for label in by_name[sample.name].labels)
            found.setdefault(sample.name, {})[labels] = sample.value
    return found


async def log_of(database: Database) -> list[Recorded[Any]]:
    async with database.store() as store:
        return list((await store.read(ACCOUNT, limit=10_000)).events)


def said(event: Event, number: int) -> Command:
    return Command((NewEvent(EventId(named("said", str(number))), event),))


@postgres
async def test_counters_are_those_of_the_log(played: Database) -> None:
    log = await log_of(played)
    async with served(played.reader_url) as server:
        found = await metrics(server)
    kinds = Counter(recorded.type for recorded in log)
    events = found["ghostproof_events_appended_total"]
    assert {kind: n for (account, kind), n in events.items() if account == ACCOUNT} == kinds
    attempts = {(ACCOUNT,): kinds["click_attempt"]}
    assert found["ghostproof_click_attempts_total"] == attempts
    assert found["ghostproof_click_outcomes_total"] == {
        (ACCOUNT, "confirmed"): 2,
        (ACCOUNT, "not_sent"): 1,
        (ACCOUNT, "refused"): 1,
        (ACCOUNT, "unknown"): 1,
    }
    assert found["ghostproof_permits_rejected_total"] == {
        (ACCOUNT, "invalid_pipeline_source"): 1,
        (ACCOUNT, "target_not_root"): 1,
    }


@postgres
async def test_money_is_that_of_the_log(played: Database) -> None:
    calls = [row.event for row in await log_of(played) if isinstance(row.event, ModelCalled)]
    async with served(played.reader_url) as server:
        found = await metrics(server)
    assert calls
    tokens = found["ghostproof_model_tokens_total"]
    assert sum(tokens.values()) == sum(
        call.prompt_tokens + call.completion_tokens for call in calls
    )
    cost = found["ghostproof_model_cost_usd_total"]
    assert sum(cost.values()) == pytest.approx(float(sum(call.cost_usd for call in calls)))
    by_call = found["ghostproof_model_calls_total"]
    counted = Counter((ACCOUNT, call.purpose, call.outcome) for call in calls)
    assert by_call == counted


@postgres
async def test_gauges_are_those_of_the_read_models(played: Database) -> None:
    async with played.store() as store:
        states = Counter(row.status for row in await store.view_rows(permits, ACCOUNT))
        open_ghosts = [
            row for row in await store.view_rows(ghosts, ACCOUNT) if not row.acknowledged_at
        ]
        rollups = await store.view_rows(proof, ACCOUNT)
    async with served(played.reader_url) as server:
        found = await metrics(server)
        figures = (await server.get("/api/metrics")).json
    assert found["ghostproof_permits"] == {(ACCOUNT, state): n for state, n in states.items()}
    assert found["ghostproof_ghosts"][ACCOUNT, "open"] == len(open_ghosts) == 1
    assert found["ghostproof_queue_items"].keys() == {(ACCOUNT,)}
    assert found["ghostproof_proof_age_seconds"].keys() == {(ACCOUNT,)}
    [rollup] = rollups
    told = json.loads(msgspec.json.encode(rollup))
    del told["which"], told["rolled_up_at"]
    assert told.items() <= figures["proof"][ACCOUNT].items()


@postgres
async def test_what_is_at_rest_is_shown_as_zero(played: Database) -> None:
    async with served(played.reader_url) as server:
        found = await metrics(server)
    severities = {severity for _, severity in found["ghostproof_alerts_active"]}
    assert severities == {"info", "warning", "error", "critical"}
    assert found["ghostproof_posting_stopped"] == {(ACCOUNT,): 0}
    assert found["ghostproof_model_circuit_open"] == {(ACCOUNT,): 0}
    assert found["ghostproof_orders_parked"] == {(ACCOUNT,): 0}


@postgres
async def test_a_circuit_is_open_until_it_is_closed(database: Database) -> None:
    clock = VirtualClock()
    async with database.store() as store, served(database.reader_url, clock) as server:
        await store.open_account(ACCOUNT)
        seen = []
        events = (CircuitOpened(reason="quota", request_id="r"), CircuitClosed(request_id="r"))
        for number, event in enumerate(events):
            await store.append(ACCOUNT, [said(event, number)], actor="test")
            clock.pass_s(60)  # or the last look is still fresh
            seen.append((await metrics(server))["ghostproof_model_circuit_open"][ACCOUNT,])
    assert seen == [1, 0]


@postgres
async def test_a_connection_that_was_cut_is_made_again_unnoticed(database: Database) -> None:
    clock = VirtualClock()
    async with served(database.reader_url, clock) as server:
        server.vitals.state = State(Phase.WORKING)
        before = await server.get("/ready")
        async with connected(database.admin_url) as admin:
            cut = await admin.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where application_name = 'ghostproof health' and datname = current_database()"
            )
            assert await cut.fetchall() == [(True,)]
        clock.pass_s(60)
        server.vitals.beat()
        after = await server.get("/ready")
    assert (before.status, after.status) == (200, 200)


@postgres
async def test_a_fresh_look_is_shared(database: Database) -> None:
    clock = VirtualClock()
    async with database.store() as store, served(database.reader_url, clock) as server:
        await store.open_account(ACCOUNT)
        opened = CircuitOpened(reason="quota", request_id="r")
        shown = []
        for passes_s in (0, FRESH_S, 1):
            clock.pass_s(passes_s)
            figures = await metrics(server)
            shown.append(figures["ghostproof_model_circuit_open"][ACCOUNT,])
            await store.append(ACCOUNT, [said(opened, 0)], actor="test")
    assert shown == [0, 0, 1]


@postgres
async def test_counters_go_on_from_where_they_were(database: Database) -> None:
    clock = VirtualClock()
    opened = CircuitOpened(reason="insufficient_quota", request_id="r")
    async with database.store() as store, served(database.reader_url, clock) as server:
        await store.open_account(ACCOUNT)
        seen = []
        for number in range(3):
            await store.append(ACCOUNT, [said(opened, number)], actor="test")
            clock.pass_s(60)
            found = (await metrics(server))["ghostproof_events_appended_total"]
            seen.append(found[ACCOUNT, "circuit_opened"])
    assert seen == [1, 2, 3]


@postgres
@pytest.mark.parametrize("page", ["/", "/health", "/ready", "/metrics", "/api/metrics"])
async def test_no_page_shows_what_was_read_or_written(page: str, played: Database) -> None:
    texts = set(texts_of([msgspec.to_builtins(row.event) for row in await log_of(played)]))
    assert texts
    async with served(played.reader_url) as server:
        body = (await server.get(page)).body
    assert [text for text in texts if text in body] == []


@postgres
async def test_a_page_that_showed_a_text_would_be_noticed(played: Database) -> None:
    log = await log_of(played)
    texts = set(texts_of([msgspec.to_builtins(row.event) for row in log]))
    async with served(played.reader_url) as server:
        server.vitals.unsigned = (next(iter(texts)),)
        body = (await server.get("/ready")).json["reasons"]
    assert any(text in str(body) for text in texts)


def texts_of(value: Any, name: str = "") -> Iterator[str]:
    """Yield the texts that people or the model wrote."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from texts_of(one, key)
    elif isinstance(value, list):
        for one in value:
            yield from texts_of(one, name)
    elif isinstance(value, str) and value and name in {"text", "target_text", "title", "detail"}:
        yield value


# ---- counting a long log


class LongLog:
    """A log of one type; says what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    async def tally(self, account: Account, after: int, upto: int) -> list[Tallied]:
        self.asked.append((after, upto))
        return [Tallied("job_due", (), upto - after, 0, 0, Decimal(0))]


def head(size: int) -> dict[Account, Head]:
    return {ACCOUNT: Head(size, 0.0, ())}


async def test_a_long_log_is_counted_over_several_scrapes_and_shown_when_whole() -> None:
    totals, log = Totals(), LongLog()
    size = asking.STRETCH * 50 + 7
    shown: list[float] = []
    while not shown and len(log.asked) < 100:
        await totals.count(log, head(size))
        shown = [one.value for one in of_totals(totals) if one.metric is names.EVENTS]
    assert shown == [size]
    assert [upto - after for after, upto in log.asked] == [asking.STRETCH] * 50 + [7]


async def test_a_log_that_became_shorter_is_counted_anew() -> None:
    totals, log = Totals(), LongLog()
    for size in (100, 40):
        await totals.count(log, head(size))
    assert totals.events == {(ACCOUNT, "job_due"): 40}


async def test_the_programs_own_log_has_events_and_no_clicks() -> None:
    totals = Totals()
    await totals.count(LongLog(), {SYSTEM: Head(3, 0.0, ())})
    assert {one.metric for one in of_totals(totals)} == {names.EVENTS}
