"""Ids from the log: a chain's trace is the trace, an order's event id names the span that sent it.

So a worker links its span to another process's without a word between them: nothing of a trace is
kept in the log or in a queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from opentelemetry.sdk.trace.id_generator import IdGenerator, RandomIdGenerator
from opentelemetry.trace import Link, SpanContext, TraceFlags

SPAN_BITS = (1 << 64) - 1

_trace: ContextVar[UUID | None] = ContextVar("trace", default=None)
_span: ContextVar[UUID | None] = ContextVar("span", default=None)


class IdsOfTheLog(IdGenerator):
    """Takes the ids that are set for the next span; draws the others."""

    def __init__(self) -> None:
        self._drawn = RandomIdGenerator()

    def generate_trace_id(self) -> int:
        """Return the chain's trace, which is a UUID: as long, and as good as random."""
        trace = _trace.get()
        return self._drawn.generate_trace_id() if trace is None else trace.int

    def generate_span_id(self) -> int:
        """Return the id that an event names, or a drawn one."""
        event_id = _span.get()
        return self._drawn.generate_span_id() if event_id is None else span_id(event_id)


def span_id(event_id: UUID) -> int:
    """Return the id of the span that sent this event."""
    return event_id.int & SPAN_BITS


@contextmanager
def named_after(trace: UUID, event_id: UUID | None = None) -> Iterator[None]:
    """Let the next span without a parent be of this trace, and have this event's id."""
    trace_token, span_token = _trace.set(trace), _span.set(event_id)
    try:
        yield
    finally:
        _trace.reset(trace_token)
        _span.reset(span_token)


def link_to(trace: UUID, event_id: UUID) -> Link:
    """Return a link to the span that sent this event."""
    sampled = TraceFlags(TraceFlags.SAMPLED)
    return Link(SpanContext(trace.int, span_id(event_id), is_remote=True, trace_flags=sampled))
