"""Replies that were confirmed with everything that must stand before them."""

from __future__ import annotations

from typing import Any

from replay.certified import Evidence
from replay.chain import missing_links
from replay.permit_story import PermitStory, permit_story
from schema.contracts import Recorded

SIX_IDS = (
    "evaluation_id",
    "queue_id",
    "scheduler_run_id",
    "decision_id",
    "permit_id",
    "posted_id",
)


def whole_replies(evidence: Evidence, start: int | None) -> tuple[list[Recorded[Any]], str]:
    """Return the faultless replies since the boot, and the fault of the last one that has one."""
    if start is None:
        return [], ": no worker ever started"
    confirmed = [
        *evidence.since("posting_success", start),
        *evidence.since("late_confirmed", start),
    ]
    replies = [one for one in confirmed if one.event.candidate_id is not None]
    faults = {one.position: _fault(evidence, one) for one in replies}
    whole = [one for one in replies if not faults[one.position]]
    last = next((faults[one.position] for one in reversed(replies) if faults[one.position]), "")
    return whole, f": {last}" if last else ""


def _fault(evidence: Evidence, success: Recorded[Any]) -> str:
    event = success.event
    if absent := [name for name in SIX_IDS if getattr(event, name) is None]:
        return f"{event.posted_id} lacks {', '.join(absent)}"
    chain = _chain(evidence, event)
    if missing := missing_links(chain, event):
        return f"{event.posted_id} lacks {', '.join(missing)}"
    permit = permit_story(chain, event.permit_id)
    return f"{event.posted_id} {why}" if (why := _permit_fault(evidence, permit)) else ""


def _permit_fault(evidence: Evidence, permit: PermitStory | None) -> str:
    if permit is None:
        return "has no permit"
    if permit.pipeline_source not in evidence.rules.permit.reply_sources:
        return f"came from {permit.pipeline_source}, which is not on the allowlist"
    if permit.reason_code is not None:
        return f"was refused: {permit.reason_code}"
    return "" if permit.target_is_root else "does not answer a root post"


def _chain(evidence: Evidence, success: Any) -> list[Recorded[Any]]:
    links = evidence.chains[success.candidate_id] + evidence.chains[success.scheduler_run_id]
    return sorted({one.position: one for one in links}.values(), key=lambda one: one.position)
