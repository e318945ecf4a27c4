"""Exporting: the provider that the environment describes, and its end."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.metadata import version

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SpanExporter
from opentelemetry.trace import Tracer

from edge.tracing import names
from edge.tracing.ids import IdsOfTheLog
from edge.tracing.switch import CONSOLE, GRPC, protocol_of

SERVICE = "OTEL_SERVICE_NAME"
RESOURCE = "OTEL_RESOURCE_ATTRIBUTES"


@contextmanager
def exporting(exporter: str, git_sha: str) -> Iterator[Tracer]:
    """Yield a tracer; what is left is sent at the end, within the exporter's own timeouts."""
    logging.getLogger("opentelemetry.exporter").setLevel(logging.ERROR)  # else a line a try
    provider = provider_of(git_sha, os.environ)
    provider.add_span_processor(BatchSpanProcessor(_exporter(exporter)))
    try:
        yield tracer_of(provider)
    finally:
        provider.shutdown()


def provider_of(git_sha: str, environment: Mapping[str, str]) -> TracerProvider:
    """Return a provider whose sampler and limits are the environment's."""
    facts = {"service.version": version("ghostproof"), "vcs.ref.head.revision": git_sha}
    if not environment.get(SERVICE) and "service.name=" not in environment.get(RESOURCE, ""):
        facts["service.name"] = names.SCOPE
    return TracerProvider(resource=Resource.create(facts), id_generator=IdsOfTheLog())


def tracer_of(provider: TracerProvider) -> Tracer:
    """Return the tracer of everything here."""
    return provider.get_tracer(names.SCOPE, version("ghostproof"))


def _exporter(kind: str) -> SpanExporter:
    if kind == CONSOLE:
        return ConsoleSpanExporter()
    spoken = "grpc" if protocol_of(os.environ) == GRPC else "http"
    module = import_module(f"opentelemetry.exporter.otlp.proto.{spoken}.trace_exporter")
    exporter: SpanExporter = module.OTLPSpanExporter()
    return exporter
