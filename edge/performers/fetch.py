"""Fetch: look at the planned sources, each in its timebox, and keep whatever was found."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from edge.failpoints import at
from edge.performers.challenged import by_error
from edge.performers.contract import LEASE_S, Order, World, append
from edge.stages import Stage, during, measured
from schema.contracts import Command, NewEvent, Verdict
from schema.errors import GhostproofError, StoreError
from schema.events.challenging import SiteChallenged
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


@dataclass
class Run:
    """One run under way: what it brought, what failed, and how many sources were out of time."""

    order: Order
    world: World
    total: Count = field(default_factory=Count)
    failures: list[str] = field(default_factory=list)
    late: int = 0
    challenged: tuple[SiteChallenged, ...] = ()

    @property
    def event(self) -> FetchStarted:
        """The order."""
        event: FetchStarted = self.order.recorded.event
        return event

    async def append(self, commands: Sequence[Command]) -> list[Verdict]:
        """Append at once, before the order is closed."""
        with during(Stage.DB):
            return await append(self.world, self.order, commands)


class Fetch:
    """The performer of `fetch_started`."""

    queue = "fetch"
    lease_s = LEASE_S

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Run source after source; the run always ends in `fetch_completed`."""
        run, began = Run(order, world), world.clock.boot_s()
        deadline_s = run.event.deadline_s - _gone_s(order, world)
        with measured(world.clock) as stages:
            for plan in run.event.plan:
                left_s = deadline_s - (world.clock.boot_s() - began)
                await _source(run, plan, min(plan.timebox_s, max(left_s, 0)))
        elapsed_ms = int((world.clock.boot_s() - began) * 1000)
        ended = order.command(*_ended(run, elapsed_ms, stages.in_ms()))
        # by itself: the end is refused where the run was closed as lost meanwhile
        return [ended, order.command(*run.challenged)] if run.challenged else [ended]


def _gone_s(order: Order, world: World) -> float:
    """Return the seconds that a worker before this one has had: a run has one deadline.

    On the first delivery none has; then the clocks of two machines need not be compared.
    """
    if order.lease.reads <= 1:
        return 0.0
    return max(0.0, (world.clock.now() - order.recorded.at).total_seconds())


def _ended(
    run: Run, elapsed_ms: int, spent_ms: dict[str, int]
) -> list[FetchFailed | FetchCompleted]:
    run_id, total, failures = run.event.run_id, run.total, run.failures
    completed = FetchCompleted(
        run_id=run_id,
        ok=total.seen > 0 or not (failures or run.late),
        seen=total.seen,
        new=total.new,
        elapsed_ms=elapsed_ms,
        **spent_ms,
    )
    if not failures:
        return [completed]
    return [FetchFailed(run_id=run_id, reason="; ".join(failures)[:1000], **spent_ms), completed]


async def _source(run: Run, plan: SourcePlan, timebox_s: float) -> None:
    """Read one source and say how it ended."""
    clock = run.world.clock
    began, count = clock.boot_s(), Count()
    ended: type[SourceFailed | SourceTimedOut | SourceCompleted] = SourceCompleted
    why: dict[str, str] = {}
    at("source_begun")
    try:
        async with asyncio.timeout(timebox_s):
            await _queries(run, plan, count)
    except TimeoutError:
        ended, run.late = SourceTimedOut, run.late + 1
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001 - one source's failure must not stop the next
        ended, why = SourceFailed, {"reason": _why(plan, error)[:500]}
        run.failures.append(_why(plan, error))
        run.challenged = run.challenged or by_error(error, Fetch.queue)
    run.total.seen += count.seen
    run.total.new += count.new
    facts: dict[str, Any] = {"seen": count.seen, "new": count.new, **why}
    elapsed_ms = int((clock.boot_s() - began) * 1000)
    event = ended(run_id=run.event.run_id, source=plan.source, elapsed_ms=elapsed_ms, **facts)
    ordinal = list(run.event.plan).index(plan)
    await run.append([Command((run.order.answer(event, ordinal),))])
    at("source_ended")


def _why(plan: SourcePlan, error: Exception) -> str:
    if isinstance(error, GhostproofError):
        return f"{plan.source}: {error.message}"
    return f"{plan.source}: {type(error).__name__}: {error}"


async def _queries(run: Run, plan: SourcePlan, count: Count) -> None:
    with during(Stage.BROWSER_ACQUIRE):
        site = await run.world.sites.site(run.order.account)
    for query in plan.queries:
        async for posts in site.source_pages(plan.source, query, limit=plan.limit):
            found = [_found(run.order, plan, query, post) for post in posts]
            verdicts = await run.append(found) if found else []
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
