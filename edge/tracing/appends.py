"""Spans around the store: one an append, and one a batch in which a rule found something."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, cast

from opentelemetry.trace import Span, SpanKind, Tracer

from edge.tracing import names
from edge.tracing.spans import Behind, Facts
from schema.catalogue import type_of
from schema.contracts import BATCH, Command, Handler, Lease, Store, Verdict
from schema.ids import Account


def traced_store(store: Store, tracer: Tracer) -> Store:
    """Return the store with spans."""
    return cast("Store", TracedStore(store, tracer))


class TracedStore(Behind):
    """The store."""

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

    async def run_handler(
        self, handler: Handler, account: Account, *, batch: int = BATCH
    ) -> int | None:
        """Run one batch; an empty one, of which there are many, leaves no span."""
        began = time.time_ns()
        consumed: int | None = await self._real.run_handler(handler, account, batch=batch)
        if consumed:
            name = names.HANDLE.format(handler=handler.name)
            facts: dict[str, Any] = {names.ACCOUNT: account, names.BATCH_COUNT: consumed}
            self._tracer.start_span(name, attributes=facts, start_time=began).end()
        return consumed


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
