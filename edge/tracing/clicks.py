"""Spans around clicks: the site and its composer stand between the worker and the one press."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from opentelemetry.trace import SpanKind, Tracer

from edge.performers.contract import Sites
from edge.ports import ClickObservation, Composer, Observed, Site, Target
from edge.tracing import names
from edge.tracing.spans import Behind, failed
from schema.ids import Account


def traced_sites(sites: Sites, tracer: Tracer) -> Sites:
    """Return the sites with spans."""
    return cast("Sites", TracedSites(sites, tracer))


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
