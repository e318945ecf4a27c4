"""What became of one permit, told from its own events."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from schema.catalogue import type_of
from schema.contracts import Recorded
from schema.events.permitting import PermitCreated, PermitRejected, ReasonCode
from schema.ids import PermitId

STATUS_AFTER = {
    "permit_created": "created",
    "permit_approved": "approved",
    "permit_rejected": "rejected",
    "permit_expired": "expired",
    "permit_revoked": "revoked",
    "click_attempt": "spent",
    "posting_success": "confirmed",
    "late_confirmed": "confirmed",
    "click_not_sent": "not_sent",
    "click_rejected": "refused",
    "outcome_unknown": "unknown",
    "outcome_abandoned": "abandoned",
}
"""Event type -> the permit's status once it is recorded."""


class PermitStory(msgspec.Struct, frozen=True, kw_only=True):
    """A permit as an incident asks for it.

    `late_ms` is how long after the attempt's budget the click left, None when it was in time.
    """

    status: str
    pipeline_source: str
    reason_code: ReasonCode | None
    target_is_root: bool | None
    target_in_reply_to: str | None
    permit_id: PermitId
    approved_by: str | None = None
    late_ms: int | None = None
    supersedes: PermitId | None = None


def permit_story(events: Iterable[Recorded[Any]], permit_id: UUID) -> PermitStory | None:
    """Return the permit's story, None when none of the events is about it."""
    story: PermitStory | None = None
    for recorded in events:
        if getattr(recorded.event, "permit_id", None) != permit_id:
            continue
        story = _after(story, recorded.event)
    return story


def _after(story: PermitStory | None, event: Any) -> PermitStory:
    if isinstance(event, PermitCreated):
        return PermitStory(
            status="created",
            pipeline_source=event.pipeline_source,
            reason_code=None,
            target_is_root=event.target_is_root,
            target_in_reply_to=event.target_in_reply_to,
            permit_id=event.permit_id,
            supersedes=event.supersedes,
        )
    story = story or PermitStory(
        status="created",
        pipeline_source="unknown",
        reason_code=None,
        target_is_root=None,
        target_in_reply_to=None,
        permit_id=event.permit_id,
    )
    return msgspec.structs.replace(
        story,
        status=STATUS_AFTER.get(type_of(event), story.status),
        reason_code=event.reason_code if isinstance(event, PermitRejected) else story.reason_code,
        approved_by=getattr(event, "approved_by", story.approved_by),
        late_ms=getattr(event, "late_ms", story.late_ms),
    )
