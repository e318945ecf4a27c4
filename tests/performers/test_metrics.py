"""Metrics: the numbers of a post, or why there are none; and originals, which have no form yet."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from edge.performers.metrics import Metrics
from schema.errors import PageLocked, SiteUnreachable
from schema.events.base import Event
from schema.events.learning import (
    MetricsOrdered,
    MetricsReadFailed,
    OutcomeRecorded,
    OutcomeUnavailable,
    UnavailableReason,
)
from schema.rules import Rules
from tests.handlers.facts import of_permit
from tests.handlers.given import ME
from tests.handlers.reading import ours
from tests.performers.orders import Bench


async def read(bench: Bench) -> Any:
    bench.say(MetricsOrdered(**of_permit(1), posted_id="q1"))
    [event] = await bench.perform(Metrics())
    return event


async def test_the_numbers_of_a_post_are_its_outcome(bench: Bench) -> None:
    bench.site.posts = {"q1": replace(ours("q1"), views=200, likes=3, replies=1)}
    event = await read(bench)
    assert isinstance(event, OutcomeRecorded)
    assert (event.impressions, event.likes, event.replies, event.er) == (200, 3, 1, 0.02)


async def test_without_impressions_there_is_no_rate(bench: Bench) -> None:
    bench.site.posts = {"q1": replace(ours("q1"), likes=3)}
    assert (await read(bench)).er is None


@pytest.mark.parametrize(("mode", "simulated"), [("live", False), ("sandbox", True)])
async def test_only_a_live_accounts_outcome_is_real(
    bench: Bench, mode: str, *, simulated: bool
) -> None:
    bench.world.rules[ME] = Rules(mode=mode)  # type: ignore[index]
    bench.site.posts = {"q1": ours("q1")}
    assert (await read(bench)).simulated is simulated


async def test_a_post_that_is_gone_or_locked_has_no_outcome(bench: Bench) -> None:
    gone = await read(bench)
    assert isinstance(gone, OutcomeUnavailable)
    assert gone.reason is UnavailableReason.GONE
    bench.site.sighting = PageLocked("http://site/q1 answered 403")
    assert (await read(bench)).reason is UnavailableReason.LOCKED


async def test_a_site_that_is_away_is_asked_again_later(bench: Bench) -> None:
    bench.site.sighting = SiteUnreachable("timeout")
    event: Event = await read(bench)
    assert isinstance(event, MetricsReadFailed)
    assert event.reason == "timeout"
