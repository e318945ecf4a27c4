"""Fetch: look at the planned sources, each in its timebox, and keep whatever was found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec.structs import replace

from edge.failpoints import at
from edge.performers.contract import LEASE_S, Order, World, append
from schema.contracts import Command, NewEvent
from schema.errors import GhostproofError, StoreError
from schema.events.fetching import (
    CandidateFound,
    FetchCompleted,
    FetchFailed,
    FetchStarted,
    SourceCompleted,
    SourceFailed,
    SourcePlan,
    SourceTimedOut,
)
from schema.ids import CandidateId, EventId, derive, named
from schema.posts import Post

CHARS_MAX = {"text": 8_000, "title": 1_000, "author": 400, "post_id": 400, "url": 2_100}
"""Longest texts kept of a candidate: above what the filters accept, far below a body's limit."""


@dataclass
class Count:
    """What a source, or the whole run, has brought."""

    seen: int = 0
    new: int = 0


class Fetch:
    """The performer of `fetch_started`."""

    queue = "fetch"
    lease_s = LEASE_S

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Run source after source; the run always ends in `fetch_completed`."""
        event: FetchStarted = order.recorded.event
        began = world.clock.boot_s()
        total, failures = Count(), list[str]()
        for plan in event.plan:
            left_s = event.deadline_s - (world.clock.boot_s() - began)
            why = await self._source(order, world, plan, min(plan.timebox_s, max(left_s, 0)), total)
            failures += [why] if why else []
        elapsed_ms = int((world.clock.boot_s() - began) * 1000)
        ok = total.seen > 0 or not failures
        completed = FetchCompleted(
            run_id=event.run_id, ok=ok, seen=total.seen, new=total.new, elapsed_ms=elapsed_ms
        )
        if not failures:
            return [order.command(completed)]
        failed = FetchFailed(run_id=event.run_id, reason="; ".join(failures)[:1000])
        return [order.command(failed, completed)]

    async def _source(
        self, order: Order, world: World, plan: SourcePlan, timebox_s: float, total: Count
    ) -> str | None:
        """Read one source and say how it ended; return why it failed, if it did."""
        began, count, run_id = world.clock.boot_s(), Count(), order.recorded.event.run_id
        why: str | None = None
        timed_out = False
        at("source_begun")
        try:
            async with asyncio.timeout(timebox_s):
                await self._queries(order, world, plan, count)
        except TimeoutError:
            timed_out = True
        except StoreError:
            raise
        except GhostproofError as error:
            why = f"{plan.source}: {error.message}"
        except Exception as error:  # noqa: BLE001 - one source's failure must not stop the next
            why = f"{plan.source}: {type(error).__name__}: {error}"
        total.seen += count.seen
        total.new += count.new
        facts = {
            "run_id": run_id,
            "source": plan.source,
            "seen": count.seen,
            "new": count.new,
            "elapsed_ms": int((world.clock.boot_s() - began) * 1000),
        }
        if why is not None:
            ended: SourceFailed | SourceTimedOut | SourceCompleted = SourceFailed(
                reason=why[:500], **facts
            )
        else:
            ended = SourceTimedOut(**facts) if timed_out else SourceCompleted(**facts)
        ordinal = list(order.recorded.event.plan).index(plan)
        await append(world, order, [Command((order.answer(ended, ordinal),))])
        at("source_ended")
        return why

    async def _queries(self, order: Order, world: World, plan: SourcePlan, count: Count) -> None:
        site = await world.sites.site(order.account)
        for query in plan.queries:
            pages = site.source_pages(plan.source, query, limit=plan.limit)
            async for posts in pages:
                found = [_found(order, plan, query, post) for post in posts]
                verdicts = await append(world, order, found) if found else []
                at("candidates_appended")
                count.seen += len(found)
                count.new += sum(verdict.code == "ok" for verdict in verdicts)


def _found(order: Order, plan: SourcePlan, query: str, post: Post) -> Command:
    """Make the event that the first sighting of this post always has; a later one is refused."""
    candidate_id = CandidateId(named(order.account, "candidate", post.post_id))
    event = CandidateFound(
        candidate_id=candidate_id,
        run_id=order.recorded.event.run_id,
        source=plan.source,
        query=query,
        post=_bounded(post),
    )
    event_id = EventId(derive(candidate_id, "found"))
    return Command((NewEvent(event_id, event, cause=order.recorded.event_id),))


def _bounded(post: Post) -> Post:
    """Cut what is too long for an event; the filters then refuse a cut name or address."""
    if all(len(getattr(post, name)) <= most for name, most in CHARS_MAX.items()):
        return post
    return replace(post, **{name: getattr(post, name)[:most] for name, most in CHARS_MAX.items()})
