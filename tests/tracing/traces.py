"""Traces of a bench: its parts behind spans, and the spans that they left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from edge.performers.contract import Performer
from edge.tracing import appends, calls, clicks, orders
from edge.tracing.exporting import provider_of, tracer_of
from edge.worker.performing import Performing
from schema.contracts import Recorded
from tests.performers.orders import Bench


class Traces:
    """A bench whose every part stands behind spans, which are kept in memory."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder)
        self._kept = InMemorySpanExporter()
        provider = provider_of("c0ffee", {})
        provider.add_span_processor(SimpleSpanProcessor(self._kept))
        self.tracer = tracer_of(provider)
        world = self.bench.world
        self.world = replace(
            world,
            store=appends.traced_store(world.store, self.tracer),
            model=calls.traced_model(world.model, self.tracer),
            sites=clicks.traced_sites(world.sites, self.tracer),
        )

    async def perform(self, performer: Performer) -> None:
        """Carry out the performer's next order as a worker does."""
        traced = orders.traced_performer(performer, self.tracer)
        assert await Performing(traced, self.world).one()

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self._kept.get_finished_spans()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]

    def one(self, name: str) -> ReadableSpan:
        [span] = self.named(name)
        return span

    def last(self, kind: type[Any]) -> Recorded[Any]:
        return [row for row in self.bench.log.rows if isinstance(row.event, kind)][-1]


def facts(span: ReadableSpan) -> dict[str, Any]:
    return dict(span.attributes or {})
