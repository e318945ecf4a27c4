"""Click: intention on record, one press, then what was seen; never a second press.

Order of steps: look at the profile (baseline) → composer open, filled, read back → attempt
committed → stops and budget checked again → press once → look for the post → outcome appended.
Whatever fails before the attempt may be tried again; whatever fails after it is settled by looking.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from edge.failpoints import at
from edge.performers.arming import Postponed, arm
from edge.performers.challenged import by_answer, by_error
from edge.performers.contract import LEASE_S, Order, World
from edge.performers.outcomes import Ended, judge_outcome, not_sent, record
from edge.performers.settling import Judged, attempted, closing, settle
from edge.ports import Composer, Site, Target
from schema.contracts import Command
from schema.errors import DatabaseUnreachable, NoForm, SiteError
from schema.events.base import permit_ids
from schema.events.posting import (
    ClickOrdered,
    ClickWithheld,
    NotSentReason,
    PostingFailed,
)
from schema.originals import parted

RETRY_AFTER_S = (1.0, 2.0, 4.0)
"""Waits between tries to get the composer; nothing has been attempted yet."""

CLICK_MARGIN_S = 0.2
"""What is left of the budget must exceed this for a press to be begun."""


class Click:
    """The performer of `click_ordered`."""

    queue = "click"
    lease_s = LEASE_S

    def __init__(self, mode: str) -> None:
        """Click in this mode; `shadow` does everything else."""
        self.mode = mode

    async def perform(self, order: Order, world: World) -> Sequence[Command]:
        """Carry the order through to one recorded end."""
        event: ClickOrdered = order.recorded.event
        if await attempted(world, order):
            return await settle(world, order)
        at("click_begun")
        unfit = _unfit(event)
        if unfit is not None:
            return [order.command(unfit)]
        why = "never tried"
        for tries, wait_s in enumerate((*RETRY_AFTER_S, None), start=1):
            try:
                return await self._once(order, world)
            except SiteError as error:
                if await attempted(world, order):
                    return await settle(world, order)
                why = error.message
                final, challenged = isinstance(error, NoForm), by_error(error, self.queue)
                if final or challenged:
                    return [order.command(_failed(event, why, tries, final=final), *challenged)]
            if wait_s is not None:
                await world.clock.sleep(wait_s)
        return [order.command(_failed(event, why, len(RETRY_AFTER_S) + 1))]

    async def _once(self, order: Order, world: World) -> Sequence[Command]:
        """Go through the protocol once. The outcome is kept before the page is closed."""
        event: ClickOrdered = order.recorded.event
        site = await world.sites.site(order.account)
        target = _target(event)
        newest = await site.profile(back_to=None, limit=1)
        baseline = newest.posts[0].post_id if newest.posts else None
        at("baseline_noted")
        async with site.composer(target) as composer:
            at("composer_open")
            await _fill(composer, event)
            at("composer_filled")
            if self.mode == "shadow":
                return [order.command(ClickWithheld(**permit_ids(event), mode=self.mode))]
            began_s = world.clock.boot_s()
            armed = await arm(world, order, baseline)
            if isinstance(armed, Postponed):
                return [order.command(armed.event)] if armed.event else []
            hand = Hand(site, composer, began_s, armed.position)
            outcome, challenged = await _press(world, order, hand)
            at("judged")
            await record(world, order, outcome)
            at("recorded")
        return closing(order, challenged)


def _unfit(event: ClickOrdered) -> PostingFailed | None:
    """Return why this order cannot be carried out whatever the site does, or None."""
    if event.target_post_id is None and parted(event.text) is None:
        return _failed(event, "the original's text is no title and body", 0, final=True)
    if hashlib.sha256(event.text.encode()).hexdigest() != event.text_hash:
        return _failed(event, "the order's text is not the accepted one", 0)
    return None


def _target(event: ClickOrdered) -> Target | None:
    if event.target_post_id is None:
        return None  # an original
    return Target(event.target_post_id, event.target_url or "", event.target_author or "")


async def _fill(composer: Composer, event: ClickOrdered) -> None:
    await composer.fill(event.text)
    unlike = await _unlike(composer, event)
    if unlike is not None:
        raise SiteError(unlike)


async def _unlike(composer: Composer, event: ClickOrdered) -> str | None:
    """Say how the form differs from what the permit is for, None when it does not."""
    held = await composer.read_back()
    if hashlib.sha256(held.encode()).hexdigest() != event.text_hash:
        return f"the composer holds {len(held)} characters that are not the accepted text"
    shown = await composer.target_post_id()
    if shown != event.target_post_id:
        return f"the form replies to {shown}, the permit is for {event.target_post_id}"
    return None


@dataclass(frozen=True)
class Hand:
    """A filled composer, and its attempt: `position` in the log, `began_s` on the boot clock."""

    site: Site
    composer: Composer
    began_s: float
    position: int


async def _press(world: World, order: Order, hand: Hand) -> Judged:
    """Check the last things, press once, and judge what was seen. Raises nothing of the site's."""
    event: ClickOrdered = order.recorded.event
    until_s = hand.began_s + world.rules[order.account].post.budget_s
    held_back = await _held_back(world, order, hand, until_s)
    if held_back is not None:
        return Judged(held_back)
    at("checked")
    seen = await hand.composer.click(
        permit_id=str(event.permit_id), text=event.text, until_s=until_s
    )
    at("observed")
    return Judged(await judge_outcome(event, hand.site, seen), by_answer(seen, order.performer))


async def _held_back(world: World, order: Order, hand: Hand, until_s: float) -> Ended | None:
    """Return why this hand does not press, or None; `until_s` is on the boot clock."""
    event: ClickOrdered = order.recorded.event
    try:
        unlike = await _unlike(hand.composer, event)
        stopped = await world.stops.why(order.account, after=hand.position)
    except SiteError as error:
        return not_sent(event, NotSentReason.COMPOSER_CHANGED, error.message)
    except DatabaseUnreachable:
        return not_sent(event, NotSentReason.POSTING_STOPPED, "the kill switch cannot be read")
    if unlike is not None:
        return not_sent(event, NotSentReason.COMPOSER_CHANGED, f"after the attempt: {unlike}")
    if stopped is not None:
        return not_sent(event, NotSentReason.POSTING_STOPPED, stopped)
    now_s = world.clock.boot_s()
    if until_s - now_s < CLICK_MARGIN_S:
        since_s = now_s - hand.began_s
        return not_sent(event, NotSentReason.DEADLINE, f"{since_s:.1f} s since arming")
    return None


def _failed(event: ClickOrdered, reason: str, tries: int, *, final: bool = False) -> PostingFailed:
    return PostingFailed(**permit_ids(event), reason=reason[:500], tries=tries, final=final)
