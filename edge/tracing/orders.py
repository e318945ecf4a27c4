"""Spans around performers: one an order, in the trace of its chain, linked to what sent it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from opentelemetry.trace import SpanKind, Tracer

from edge.performers.contract import Order, Performer, World
from edge.tracing import names
from edge.tracing.ids import link_to, named_after
from edge.tracing.spans import Behind, Facts
from schema.contracts import Command


def traced_performer(performer: Performer, tracer: Tracer) -> Performer:
    """Return the performer with spans."""
    return cast("Performer", TracedPerformer(performer, tracer))


class TracedPerformer(Behind):
    """A performer."""

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
