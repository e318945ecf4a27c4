"""Settling: what is said of an attempt whose hand is gone, and of an answer that asks for a person.

The gate's journal knows what left the browser; without it only a reading of the profile will tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from edge.failpoints import at
from edge.performers.challenged import by_answer, by_error
from edge.performers.contract import Order, World
from edge.performers.outcomes import Ended, attempt_id_of, judge_outcome, record, unknown
from schema.contracts import Command
from schema.errors import SiteError
from schema.events.challenging import SiteChallenged
from schema.events.posting import ClickOrdered


class Judged(NamedTuple):
    """The outcome of an attempt, and whether the site asked for a person besides."""

    outcome: Ended
    challenged: Sequence[SiteChallenged] = ()


def closing(order: Order, challenged: Sequence[SiteChallenged]) -> Sequence[Command]:
    """Return what closes an order whose outcome is on record already."""
    return [order.command(*challenged)] if challenged else []


async def attempted(world: World, order: Order) -> bool:
    """Say whether the one attempt under this order's permit is in the log."""
    attempt_id = attempt_id_of(order.recorded.event)
    return await world.store.by_id(order.account, attempt_id) is not None


async def settle(world: World, order: Order) -> Sequence[Command]:
    """Record what came of an attempt whose hand is gone."""
    outcome, challenged = await _settled(world, order)
    await record(world, order, outcome)
    return closing(order, challenged)


async def _settled(world: World, order: Order) -> Judged:
    """Settle an attempt of a worker that is gone: by what left the browser, else unknown."""
    event: ClickOrdered = order.recorded.event
    at("settling")
    try:
        site = await world.sites.site(order.account)
        seen = await site.settled(str(event.permit_id))
    except SiteError as error:
        why = f"the worker that attempted it is gone, and {error.message}"
        return Judged(unknown(event, why), by_error(error, order.performer))
    at("settled")
    if seen is None:
        return Judged(unknown(event, "the worker that attempted it is gone"))
    return Judged(await judge_outcome(event, site, seen), by_answer(seen, order.performer))
