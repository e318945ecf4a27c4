"""Replies that were confirmed with everything that a certification wants before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from replay.certification.evidence import Evidence
from replay.permit_story import PermitStory, permit_story
from replay.reading import gather
from replay.source import Log
from schema.contracts import Recorded
from schema.ids import Account

SIX_IDS = (
    "evaluation_id",
    "queue_id",
    "scheduler_run_id",
    "decision_id",
    "permit_id",
    "posted_id",
)
PERMIT_LIFE = ("permit_created", "permit_approved", "permit_rejected", "click_attempt")
LOOKED_AT_MAX = 50  # replies; if none of so many is whole, no older one helps


@dataclass(frozen=True)
class Replies:
    """The replies confirmed since the boot, and the newest of them that is whole.

    `whole` are its scheduler start, click attempt and success; `fault` is that of the newest reply
    that has one.
    """

    confirmed: Sequence[Recorded[Any]] = ()
    whole: Sequence[Recorded[Any]] = ()
    fault: str = ""


async def replies_since(
    store: Log, account: Account, evidence: Evidence, start: int | None
) -> Replies:
    """Look at the confirmed replies, the newest first, until one is whole."""
    if start is None:
        return Replies()
    sightings = [
        *evidence.since("posting_success", start),
        *evidence.since("late_confirmed", start),
    ]
    replies = [one for one in sightings if one.event.candidate_id is not None]
    replies.sort(key=lambda one: one.position)
    fault = ""
    for success in reversed(replies[-LOOKED_AT_MAX:]):
        chain = await _chain(store, account, success)
        why = _fault(evidence, chain, success)
        if not why:
            return Replies(replies, _links(chain, success), fault)
        fault = fault or f"{success.event.posted_id} {why}"
    return Replies(replies, (), fault)


async def _chain(store: Log, account: Account, success: Recorded[Any]) -> list[Recorded[Any]]:
    """Return the permit's life and the slot's start, before the success."""
    chain = await gather(store, account, trace=success.trace, types=PERMIT_LIFE)
    run = success.event.scheduler_run_id
    if run is not None:
        chain += await gather(store, account, trace=run, types=("scheduler_started",))
    return [one for one in chain if one.position < success.position]


def _links(chain: Sequence[Recorded[Any]], success: Recorded[Any]) -> list[Recorded[Any]]:
    """Return the reply's scheduler start, click attempt and success, as far as they are there."""
    event = success.event
    named = {"scheduler_started": "scheduler_run_id", "click_attempt": "permit_id"}
    before = [
        one
        for one in chain
        for name in (named.get(one.type),)
        if name and getattr(one.event, name, None) == getattr(event, name)
    ]
    return [*before, success]


def _fault(evidence: Evidence, chain: Sequence[Recorded[Any]], success: Recorded[Any]) -> str:
    event = success.event
    if absent := [name for name in SIX_IDS if getattr(event, name) is None]:
        return f"lacks {', '.join(absent)}"
    there = {one.type for one in _links(chain, success)}
    if missing := [name for name in ("scheduler_started", "click_attempt") if name not in there]:
        return f"lacks {', '.join(missing)}"
    return _permit_fault(evidence, permit_story(chain, event.permit_id))


def _permit_fault(evidence: Evidence, permit: PermitStory | None) -> str:
    if permit is None:
        return "has no permit"
    if permit.pipeline_source not in evidence.rules.permit.reply_sources:
        return f"came from {permit.pipeline_source}, which is not on the allowlist"
    if permit.reason_code is not None:
        return f"was refused: {permit.reason_code}"
    is_root = permit.target_is_root and permit.target_in_reply_to is None
    return "" if is_root else "does not answer a root post"
