"""Arming: the click attempt is committed, or known not to be, before any hand moves."""

from __future__ import annotations

from dataclasses import dataclass

from edge.failpoints import at
from edge.performers.contract import Order, World
from edge.performers.outcomes import attempt_id_of, not_sent, record
from edge.time_zones import utc_offset_min
from handlers.quiet import is_quiet, quiet_detail
from schema.contracts import Command, NewEvent, Verdict
from schema.errors import DatabaseUnreachable, StoreError
from schema.events.base import permit_ids
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickDeferred,
    ClickOrdered,
    DeferReason,
    NotSentReason,
)

LOOK_AGAIN_AFTER_S = (0.5, 1.0, 2.0, 5.0, 10.0)
"""Waits between looks for an attempt whose commit was not acknowledged."""

DEFERRED = {
    "GP013": DeferReason.SUPERSEDED,
    "GP020": DeferReason.POSTING_STOPPED,
    "GP021": DeferReason.SUPERSEDED,
    "GP023": DeferReason.RATE_LIMITED,
}
"""Refusals that a lawful program meets in a race; every other one is a blocked attempt."""


@dataclass(frozen=True)
class Armed:
    """The attempt is durable at `position`: the permit is spent."""

    position: int


ATTEMPTED = frozenset({"same", "GP002"})
"""Verdicts on an attempt whose id is in the log already: another hand has made it."""


OTHERS = "another worker has attempted this click"
CHALLENGED = "the site asked for a person since this click was ordered"
KEPT = "what was kept on disk of an earlier try to click is not in the log yet"
"""It names this worker and this attempt: appended later, it would be said of the next try."""

SETTLED_LATER = "its outcome is settled when the order comes again"


@dataclass(frozen=True)
class Postponed:
    """Nothing was attempted, or certainly nothing will be clicked; `event` closes the order."""

    event: ClickDeferred | ClickBlocked | None


async def arm(world: World, order: Order, baseline: str | None) -> Armed | Postponed:
    """Commit the click attempt. Only an acknowledged commit arms.

    Raises:
        StoreError: the order has to come again.
    """
    event: ClickOrdered = order.recorded.event
    if world.spool.holds(not_sent(event, NotSentReason.COMMIT_UNKNOWN, "").as_new().event_id):
        raise StoreError(KEPT, remedy="the order comes again once the spool is empty")
    put_off = _quiet(world, order) or await _challenged(world, order)
    if put_off is not None:
        return Postponed(put_off)
    attempt = ClickAttempt(
        **permit_ids(event),
        spends=event.approval,
        target_author=event.target_author,
        text_hash=event.text_hash,
        worker_id=world.worker_id,
        baseline=baseline,
    )
    new = NewEvent(attempt_id_of(event), attempt, cause=order.recorded.event_id)
    at("before_arm")
    try:
        verdict = (
            await world.store.append(order.account, [Command((new,))], actor=order.performer)
        )[0]
    except DatabaseUnreachable:
        return await _unacknowledged(world, order)
    if verdict.code == "ok" and verdict.position is not None:
        at("after_arm")
        return Armed(verdict.position)
    if verdict.code in ATTEMPTED:
        # closing the order would leave that attempt without an outcome, were its worker dead
        raise StoreError(OTHERS, remedy=SETTLED_LATER)
    return Postponed(_refused(event, verdict))


def _quiet(world: World, order: Order) -> ClickDeferred | None:
    """Put off an order that was given just before the account's quiet hours began."""
    schedule, now = world.rules[order.account].schedule, world.clock.now()
    if not is_quiet(schedule, now, utc_offset_min(schedule.time_zone, now)):
        return None
    ids = permit_ids(order.recorded.event)
    return ClickDeferred(**ids, reason=DeferReason.QUIET_HOURS, detail=quiet_detail(schedule))


async def _challenged(world: World, order: Order) -> ClickDeferred | None:
    """Put off a click since whose order the site asked for a person: a stop is on its way."""
    event, since = order.recorded.event, order.recorded.position
    types = ("site_challenged",)
    page = await world.store.read(order.account, after=since, types=types, limit=1)
    if not page.events:
        return None
    reason = DeferReason.POSTING_STOPPED
    return ClickDeferred(**permit_ids(event), reason=reason, detail=CHALLENGED)


def _refused(event: ClickOrdered, verdict: Verdict) -> ClickDeferred | ClickBlocked:
    detail = f"{verdict.code} {verdict.reason}"
    reason = DEFERRED.get(verdict.code)
    if reason is not None:
        return ClickDeferred(**permit_ids(event), reason=reason, detail=detail)
    return ClickBlocked(**permit_ids(event), code=verdict.code, reason=verdict.reason)


async def _unacknowledged(world: World, order: Order) -> Postponed:
    """Find out whether the attempt was committed; either way this hand does not click."""
    event: ClickOrdered = order.recorded.event
    found = await _found(world, order)
    if found:
        ended = not_sent(event, NotSentReason.COMMIT_UNKNOWN, "its commit was not acknowledged")
        await record(world, order, ended)
        return Postponed(None)
    if found is None:
        ended = not_sent(event, NotSentReason.COMMIT_UNKNOWN, "the database stayed away")
        await world.spool.keep(order.account, ended.told_by(world.worker_id).as_new())
    # what is not found may still be on its way: the order stays open
    message = "the database went away while a click attempt was being committed"
    raise DatabaseUnreachable(message, remedy="nothing was clicked; the order comes again")


async def _found(world: World, order: Order) -> bool | None:
    """Look for the attempt once the database is back; None when it stays away.

    Raises:
        StoreError: the one that is there is another worker's, who may well have clicked.
    """
    for wait_s in LOOK_AGAIN_AFTER_S:
        await world.clock.sleep(wait_s)
        try:
            attempt_id = attempt_id_of(order.recorded.event)
            found = await world.store.by_id(order.account, attempt_id)
        except DatabaseUnreachable:
            continue
        if found is not None and found.event.worker_id != world.worker_id:
            raise StoreError(OTHERS, remedy=SETTLED_LATER)
        return found is not None
    return None
