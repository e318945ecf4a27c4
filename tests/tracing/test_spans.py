"""Spans of what a worker does: linked over queues by the log's own ids, and without a text."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from opentelemetry.trace import SpanKind, StatusCode

from edge.performers.asking import Manner
from edge.performers.judge import Judge
from edge.ports import (
    ClickObservation,
    ModelAnswer,
    ModelOutcome,
    Observed,
)
from edge.tracing import appends, names
from edge.tracing.ids import span_id
from handlers.clicking.posting import posting
from schema.contracts import Command, NewEvent
from schema.errors import DatabaseUnreachable, SiteError
from schema.events.judging import JudgementRequested
from schema.events.operations import StopSource
from schema.events.posting import ClickOrdered, PostingSuccess
from schema.ids import EventId, named
from tests.handlers.facts import TEXT, allowed, found, of_candidate, post, stopped
from tests.handlers.given import ME
from tests.handlers.reading import ours
from tests.performers.clicks import ACCEPTED, CLICK
from tests.tracing.traces import Traces, facts
from tests.worker.workers import Obedient, order_fetch, turns

GOOD = '{"relevance": 0.9, "reply_worthiness": 0.9, "risk": 0.1, "tier": "A", "why": "it asks"}'


@pytest.fixture
def traces(tmp_path: Path) -> Traces:
    return Traces(tmp_path)


async def click(traces: Traces, answer: ClickObservation = ACCEPTED) -> None:
    traces.bench.order_click()
    traces.bench.site.answer = answer
    traces.bench.site.posts = {"q1": ours("q1")}
    await traces.perform(CLICK)


# ---- over the queue


async def test_an_order_is_linked_to_what_sent_it(traces: Traces) -> None:
    await click(traces)
    order = traces.last(ClickOrdered)
    sent, done = traces.one("send click"), traces.one("process click")
    assert sent.context.span_id == span_id(order.event_id)
    [link] = done.links
    assert (link.context.span_id, link.context.trace_id) == (
        sent.context.span_id,
        sent.context.trace_id,
    )
    assert (sent.kind, done.kind) == (SpanKind.PRODUCER, SpanKind.CONSUMER)
    assert sent.start_time == sent.end_time == int(order.at.timestamp() * 1e9)


async def test_both_sides_of_a_queue_say_which_order_it_is(traces: Traces) -> None:
    await click(traces)
    order = traces.last(ClickOrdered)
    both = {
        "messaging.system": "pgmq",
        "messaging.destination.name": "click",
        "messaging.message.id": str(order.event_id),
        names.ACCOUNT: ME,
        names.POSITION: order.position,
    }
    for name in ("send", "process"):
        doing = {"messaging.operation.name": name, "messaging.operation.type": name}
        reads = {names.READS: 1} if name == "process" else {}
        assert facts(traces.one(f"{name} click")) == both | doing | reads


async def test_all_spans_of_a_chain_are_one_trace(traces: Traces) -> None:
    await click(traces)
    chain = traces.last(ClickOrdered).trace
    of_orders = [span for span in traces.spans if not span.name.startswith("append")]
    assert {span.context.trace_id for span in of_orders} == {chain.int}


async def test_what_comes_after_an_order_is_not_of_its_chain(traces: Traces) -> None:
    await click(traces)
    chain = traces.last(ClickOrdered).trace
    command = Command((NewEvent(EventId(named("stop")), stopped()),))
    await traces.world.store.append(ME, [command], actor="a person")
    assert traces.named("append")[-1].context.trace_id != chain.int


async def test_what_an_order_does_is_below_it(traces: Traces) -> None:
    await click(traces)
    done = traces.one("process click")
    inside = [span for span in traces.spans if span.parent == done.context]
    assert "click" in {span.name for span in inside}
    attempts = [span for span in inside if "click_attempt" in facts(span).get(names.TYPES, ())]
    assert len(attempts) == 1


async def test_an_order_that_comes_again_was_sent_once(traces: Traces) -> None:
    order_fetch(traces.bench)
    performer = Obedient(SiteError("away"))
    await traces.perform(performer)
    traces.bench.redeliver()
    performer.does = ()
    await traces.perform(performer)
    assert len(traces.named("send fetch")) == 1
    assert [facts(span)[names.READS] for span in traces.named("process fetch")] == [1, 2]


async def test_a_failed_order_says_what_kind_of_failure(traces: Traces) -> None:
    order_fetch(traces.bench)
    await traces.perform(Obedient(ZeroDivisionError("with words of the page")))
    done = traces.one("process fetch")
    assert done.status.status_code is StatusCode.ERROR
    assert facts(done)[names.ERROR_TYPE] == "ZeroDivisionError"
    assert done.events == ()
    assert "words" not in done.to_json()


async def test_an_order_that_was_broken_off_says_so(traces: Traces) -> None:
    order_fetch(traces.bench)
    performer = Obedient(asyncio.Event())
    working = asyncio.create_task(traces.perform(performer))
    await turns()
    working.cancel()
    await asyncio.wait([working])
    assert facts(traces.one("process fetch"))[names.ERROR_TYPE] == "CancelledError"


# ---- the click


async def test_a_click_says_what_was_observed(traces: Traces) -> None:
    await click(traces)
    [success] = traces.bench.said(PostingSuccess)
    span = traces.one("click")
    assert facts(span) == {
        names.PERMIT_ID: str(success.permit_id),
        names.OBSERVED: "accepted",
        names.HTTP_STATUS: 201,
    }
    assert span.status.status_code is StatusCode.UNSET


async def test_an_unknown_click_is_an_error(traces: Traces) -> None:
    await click(traces, ClickObservation(Observed.UNKNOWN, "cut"))
    span = traces.one("click")
    assert span.status.status_code is StatusCode.ERROR
    assert facts(span)[names.ERROR_TYPE] == "unknown"


# ---- the log


async def test_an_append_says_its_types_and_what_was_refused(traces: Traces) -> None:
    event_id = EventId(named("stop"))
    for event in (stopped(), allowed()):
        command = Command((NewEvent(event_id, event),))
        await traces.world.store.append(ME, [command], actor="a person", approver=True)
    assert {span.kind for span in traces.named("append")} == {SpanKind.CLIENT}
    first, second = (facts(span) for span in traces.named("append"))
    assert first == {
        "db.system.name": "postgresql",
        "db.operation.name": "append",
        names.ACCOUNT: ME,
        names.ACTOR: "a person",
        names.TYPES: ("posting_stopped",),
    }
    assert second[names.REFUSALS] == ("GP002",)


async def test_an_order_closed_with_what_was_refused_says_so(traces: Traces) -> None:
    order_fetch(traces.bench)
    lease = await traces.world.store.take("fetch", lease_s=30)
    assert lease is not None
    event_id = EventId(named("stop"))
    for source in (StopSource.LOGGED, StopSource.FILE):
        command = Command((NewEvent(event_id, stopped(source)),))
        if source is StopSource.LOGGED:
            await traces.world.store.append(ME, [command], actor="a person")
        else:
            await traces.world.store.close(lease, [command], actor="fetch")
    said = facts(traces.named("append")[-1])
    assert (said[names.ACTOR], said[names.REFUSALS]) == ("fetch", ("GP002",))


async def test_a_rule_with_nothing_to_do_leaves_no_span(
    traces: Traces, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(appends, "time", SimpleNamespace(time_ns=lambda: 7))
    store = traces.world.store
    while await store.run_handler(posting, ME):
        pass
    traces.bench.order_click()
    consumed = await store.run_handler(posting, ME)
    assert await store.run_handler(posting, ME) == 0
    span = traces.named("handle posting")[-1]
    assert facts(span) == {names.ACCOUNT: ME, names.BATCH_COUNT: consumed}
    assert span.start_time == 7, "it began before the rule did"


async def test_a_database_that_is_away_is_an_error(traces: Traces) -> None:
    traces.bench.store.lost_before = "posting_stopped"
    command = Command((NewEvent(EventId(named("stop")), stopped()),))
    with pytest.raises(DatabaseUnreachable):
        await traces.world.store.append(ME, [command], actor="a person")
    assert facts(traces.one("append"))[names.ERROR_TYPE] == "DatabaseUnreachable"


# ---- the model


async def judge(traces: Traces, outcome: ModelOutcome = ModelOutcome.OK) -> None:
    bench = traces.bench
    bench.model.answer = ModelAnswer(outcome, GOOD, "m-2", 120, 30, Decimal("0.0005"), 800)
    bench.say(found(1))
    bench.say(JudgementRequested(**of_candidate(1), post=post(1)))
    await traces.perform(Judge(Manner("m-1", 0.25, 0.5, 77, 9)))


async def test_a_call_to_the_model_follows_the_conventions(traces: Traces) -> None:
    await judge(traces)
    span = traces.one("chat m-1")
    said = facts(span)
    assert said.pop(names.REQUEST_ID)
    assert said == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "m-1",
        "gen_ai.request.temperature": 0.25,
        "gen_ai.request.top_p": 0.5,
        "gen_ai.request.max_tokens": 77,
        "gen_ai.response.model": "m-2",
        "gen_ai.usage.input_tokens": 120,
        "gen_ai.usage.output_tokens": 30,
        names.PURPOSE: "target_judge",
        names.COST_USD: 0.0005,
    }
    assert span.parent == traces.one("process judge").context


async def test_a_call_that_failed_says_how(traces: Traces) -> None:
    await judge(traces, ModelOutcome.INSUFFICIENT_QUOTA)
    assert facts(traces.one("chat m-1"))[names.ERROR_TYPE] == "insufficient_quota"


# ---- what is in none


async def test_no_span_carries_a_text(traces: Traces) -> None:
    await judge(traces)
    await click(traces)
    written = " ".join(span.to_json() for span in traces.spans)
    asked = [text for call in traces.bench.model.calls for text in (call.system, call.user)]
    for text in (TEXT, post(1).text, "it asks", *asked):
        assert json.dumps(text)[1:-1] not in written
