"""Spans around what a worker does: appends, batches of rules, orders, calls to the model, clicks.

Each class stands before the real thing and does what it does; everything that is not traced is the
real thing's own.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, cast

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer

from edge.performers.contract import Order, Performer, Sites, World
from edge.ports import (
    ClickObservation,
    Composer,
    Model,
    ModelAnswer,
    ModelCall,
    ModelOutcome,
    Observed,
    Site,
    Target,
)
from edge.tracing import names
from edge.tracing.ids import link_to, named_after
from schema.catalogue import type_of
from schema.contracts import Command, Handler, Lease, Store, Verdict
from schema.ids import Account

Facts = Mapping[str, Any]


class Behind:
    """Stands before something; whatever is not said here is its own."""

    def __init__(self, real: Any, tracer: Tracer) -> None:
        self._real = real
        self._tracer = tracer

    def __getattr__(self, name: str) -> Any:
        """Return what the real thing has."""
        return getattr(self._real, name)

    @contextmanager
    def _span(self, name: str, kind: SpanKind, facts: Facts, **more: Any) -> Iterator[Span]:
        """Open a span; an error's kind is kept, its message may quote anything."""
        with self._tracer.start_as_current_span(
            name,
            kind=kind,
            attributes=facts,
            record_exception=False,
            set_status_on_exception=False,
            **more,
        ) as span:
            try:
                yield span
            except BaseException as error:
                failed(span, type(error).__name__)
                raise


class TracedStore(Behind):
    """The store: a span an append, and one a batch in which a rule found something."""

    async def append(
        self, account: Account, commands: Sequence[Command], *, actor: str, approver: bool = False
    ) -> list[Verdict]:
        """Append, and say which commands were refused."""
        facts = _appending(account, commands, actor)
        with self._span(names.APPEND, SpanKind.CLIENT, facts) as span:
            verdicts: list[Verdict] = await self._real.append(
                account, commands, actor=actor, approver=approver
            )
            _say_refusals(span, verdicts)
            return verdicts

    async def close(
        self, lease: Lease, commands: Sequence[Command], *, actor: str
    ) -> list[Verdict] | None:
        """Append what came of an order; a lost lease is no verdict."""
        facts = _appending(lease.account, commands, actor)
        with self._span(names.APPEND, SpanKind.CLIENT, facts) as span:
            verdicts: list[Verdict] | None = await self._real.close(lease, commands, actor=actor)
            _say_refusals(span, verdicts or [])
            return verdicts

    async def run_handler(self, handler: Handler, account: Account, *, batch: int = 200) -> int:
        """Run one batch; an empty one, of which there are many, leaves no span."""
        began = time.time_ns()
        consumed: int = await self._real.run_handler(handler, account, batch=batch)
        if consumed:
            name = names.HANDLE.format(handler=handler.name)
            facts: dict[str, Any] = {names.ACCOUNT: account, names.BATCH_COUNT: consumed}
            self._tracer.start_span(name, attributes=facts, start_time=began).end()
        return consumed


class TracedPerformer(Behind):
    """A performer: a span an order, in the trace of its chain, linked to what sent it."""

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Carry the order out."""
        recorded, lease = order.recorded, order.lease
        facts = {
            names.MESSAGING_SYSTEM: names.PGMQ,
            names.MESSAGING_DESTINATION: lease.queue,
            names.MESSAGE_ID: str(recorded.event_id),
            names.ACCOUNT: recorded.account,
            names.POSITION: recorded.position,
        }
        if lease.reads == 1:  # whoever takes the order first tells of its sending, too
            self._sent(order, facts)
        taken = facts | {
            names.MESSAGING_OPERATION: "process",
            names.MESSAGING_TYPE: "process",
            names.READS: lease.reads,
        }
        name = names.PROCESS.format(queue=lease.queue)
        links = [link_to(recorded.trace, recorded.event_id)]
        with named_after(recorded.trace):
            opened = self._span(name, SpanKind.CONSUMER, taken, links=links)
            with opened:
                return cast("Sequence[Command]", await self._real.perform(order, world))

    def _sent(self, order: Order, facts: Facts) -> None:
        """Make the span of the sending, which was the order's own append."""
        recorded = order.recorded
        at = int(recorded.at.timestamp() * 1e9)
        sent = {**facts, names.MESSAGING_OPERATION: "send", names.MESSAGING_TYPE: "send"}
        with named_after(recorded.trace, recorded.event_id):
            span = self._tracer.start_span(
                names.SEND.format(queue=order.lease.queue),
                kind=SpanKind.PRODUCER,
                attributes=sent,
                start_time=at,
            )
        span.end(at)


class TracedModel(Behind):
    """The model: a span a call. Neither question nor answer is in it."""

    async def ask(self, call: ModelCall) -> ModelAnswer:
        """Ask, and say what it took."""
        asked = {
            names.GEN_AI_OPERATION: "chat",
            names.GEN_AI_PROVIDER: names.OPENAI,
            names.GEN_AI_REQUEST_MODEL: call.model,
            names.GEN_AI_TEMPERATURE: call.temperature,
            names.GEN_AI_TOP_P: call.top_p,
            names.GEN_AI_MAX_TOKENS: call.max_tokens,
            names.PURPOSE: call.purpose,
            names.REQUEST_ID: call.request_id,
        }
        with self._span(names.CHAT.format(model=call.model), SpanKind.CLIENT, asked) as span:
            came: ModelAnswer = await self._real.ask(call)
            span.set_attributes(
                {
                    names.GEN_AI_RESPONSE_MODEL: came.model,
                    names.GEN_AI_INPUT_TOKENS: came.prompt_tokens,
                    names.GEN_AI_OUTPUT_TOKENS: came.completion_tokens,
                    names.COST_USD: float(came.cost_usd),
                }
            )
            if came.outcome is not ModelOutcome.OK:
                failed(span, came.outcome)
            return came


class TracedSites(Behind):
    """The sites: their composers' clicks are traced."""

    async def site(self, account: Account) -> Site:
        """Return the account's site."""
        return cast("Site", TracedSite(await self._real.site(account), self._tracer))


class TracedSite(Behind):
    """One site."""

    @asynccontextmanager
    async def composer(self, target: Target | None) -> AsyncIterator[Composer]:
        """Open the composer."""
        async with self._real.composer(target) as composer:
            yield cast("Composer", TracedComposer(composer, self._tracer))


class TracedComposer(Behind):
    """A composer: a span for its one click."""

    async def click(self, *, permit_id: str, text: str, until_s: float) -> ClickObservation:
        """Press once, and say what was observed."""
        with self._span(names.CLICK, SpanKind.CLIENT, {names.PERMIT_ID: permit_id}) as span:
            seen: ClickObservation = await self._real.click(
                permit_id=permit_id, text=text, until_s=until_s
            )
            span.set_attribute(names.OBSERVED, seen.observed)
            if seen.http_status is not None:
                span.set_attribute(names.HTTP_STATUS, seen.http_status)
            if seen.observed is not Observed.ACCEPTED:
                failed(span, seen.observed)
            return seen


def _appending(account: Account, commands: Sequence[Command], actor: str) -> Facts:
    types = {type_of(new.event) for command in commands for new in command.events}
    return {
        names.DB_SYSTEM: names.POSTGRESQL,
        names.DB_OPERATION: names.APPEND,
        names.ACCOUNT: account,
        names.ACTOR: actor,
        names.TYPES: sorted(types),
    }


def _say_refusals(span: Span, verdicts: Sequence[Verdict]) -> None:
    if refused := [verdict.code for verdict in verdicts if not verdict.stands]:
        span.set_attribute(names.REFUSALS, refused)


def failed(span: Span, kind: str) -> None:
    """Say that it went wrong, and how; never in whose words."""
    span.set_attribute(names.ERROR_TYPE, str(kind))
    span.set_status(StatusCode.ERROR)


def traced_store(store: Store, tracer: Tracer) -> Store:
    """Return the store with spans."""
    return cast("Store", TracedStore(store, tracer))


def traced_performer(performer: Performer, tracer: Tracer) -> Performer:
    """Return the performer with spans."""
    return cast("Performer", TracedPerformer(performer, tracer))


def traced_model(model: Model, tracer: Tracer) -> Model:
    """Return the model with spans."""
    return cast("Model", TracedModel(model, tracer))


def traced_sites(sites: Sites, tracer: Tracer) -> Sites:
    """Return the sites with spans."""
    return cast("Sites", TracedSites(sites, tracer))
