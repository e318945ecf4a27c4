"""A span around what something does; everything that is not traced stays the thing's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from opentelemetry.trace import Span, SpanKind, StatusCode, Tracer

from edge.tracing import names

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


def failed(span: Span, kind: str) -> None:
    """Say that it went wrong, and how; never in whose words."""
    span.set_attribute(names.ERROR_TYPE, str(kind))
    span.set_status(StatusCode.ERROR)
