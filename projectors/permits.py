"""The permits: one row per permit, from its creation to what came of its one click."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.drafting import DraftAccepted
from schema.events.permitting import (
    PermitApproved,
    PermitCreated,
    PermitExpired,
    PermitRejected,
    PermitRevoked,
    ReasonCode,
)
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    ClickRejected,
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
)
from schema.events.scheduling import DecisionType
from schema.ids import CandidateId, DecisionId, PermitId, SchedulerRunId

Hears = (
    PermitCreated
    | PermitApproved
    | PermitRejected
    | PermitExpired
    | PermitRevoked
    | DraftAccepted
    | ClickAttempt
    | PostingSuccess
    | ClickNotSent
    | ClickRejected
    | OutcomeUnknown
    | OutcomeAbandoned
    | LateConfirmed
)

PREVIEW_CHARACTERS = 200


class PermitStatus(StrEnum):
    """Where a permit is in its life."""

    CREATED = "created"  # ends by approval, rejection, expiry or revocation
    APPROVED = "approved"  # ends by the click attempt, expiry or revocation
    REJECTED = "rejected"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SPENT = "spent"  # ends by one of the four outcomes
    CONFIRMED = "confirmed"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"  # ends by a sighting or by abandonment
    ABANDONED = "abandoned"  # ends, if ever, by a late sighting


class Permit(msgspec.Struct, frozen=True, kw_only=True):
    """One permit."""

    permit_id: PermitId
    decision_id: DecisionId
    decision_type: DecisionType
    candidate_id: CandidateId | None
    scheduler_run_id: SchedulerRunId
    pipeline_source: str
    status: PermitStatus
    target_post_id: str | None
    target_is_root: bool
    target_in_reply_to: str | None
    reason_code: ReasonCode | None
    error_message: str | None
    posted_id: str | None
    content_preview: str | None
    text_hash: str | None
    supersedes: PermitId | None
    created_at: datetime
    approved_at: datetime | None
    used_at: datetime | None
    expires_at: datetime | None


def key(event: Event) -> str | None:
    """Rows are permits."""
    return str(event.permit_id) if isinstance(event, get_args(Hears)) else None


def evolve(row: Permit | None, recorded: Recorded[Hears]) -> Permit | None:
    """Remember where the permit is now."""
    event = recorded.event
    if isinstance(event, PermitCreated):
        return _created(event, recorded.at)
    if row is None:
        return None
    match event:
        case PermitApproved():
            return _approved(row, event, recorded.at)
        case PermitRejected():
            return replace(
                row,
                status=PermitStatus.REJECTED,
                reason_code=event.reason_code,
                error_message=event.error_message,
            )
        case PermitExpired():
            return replace(row, status=PermitStatus.EXPIRED)
        case PermitRevoked():
            message = f"{event.reason}: {event.detail}" if event.detail else str(event.reason)
            return replace(row, status=PermitStatus.REVOKED, error_message=message)
        case DraftAccepted():
            preview = event.text[:PREVIEW_CHARACTERS]
            return replace(row, content_preview=preview, text_hash=event.text_hash)
        case ClickAttempt():
            return replace(row, status=PermitStatus.SPENT, used_at=recorded.at)
        case PostingSuccess() | LateConfirmed():
            return replace(
                row, status=PermitStatus.CONFIRMED, posted_id=event.posted_id, error_message=None
            )
        case ClickNotSent():
            return replace(row, status=PermitStatus.NOT_SENT, error_message=str(event.reason))
        case ClickRejected():
            return replace(row, status=PermitStatus.REFUSED, error_message=event.detail)
        case OutcomeUnknown():
            return replace(row, status=PermitStatus.UNKNOWN, error_message=event.detail)
        case OutcomeAbandoned():
            return replace(row, status=PermitStatus.ABANDONED)


def _approved(row: Permit, event: PermitApproved, at: datetime) -> Permit:
    expires_at = at + timedelta(seconds=event.ttl_s)
    return replace(row, status=PermitStatus.APPROVED, approved_at=at, expires_at=expires_at)


def _created(event: PermitCreated, at: datetime) -> Permit:
    return Permit(
        permit_id=event.permit_id,
        decision_id=event.decision_id,
        decision_type=event.decision_type,
        candidate_id=event.candidate_id,
        scheduler_run_id=event.scheduler_run_id,
        pipeline_source=event.pipeline_source,
        status=PermitStatus.CREATED,
        target_post_id=event.target_post_id,
        target_is_root=event.target_is_root,
        target_in_reply_to=event.target_in_reply_to,
        reason_code=None,
        error_message=None,
        posted_id=None,
        content_preview=None,
        text_hash=None,
        supersedes=event.supersedes,
        created_at=at,
        approved_at=None,
        used_at=None,
        expires_at=None,
    )


permits: Projector[Any] = Projector(
    name="permits", row=Permit, keyed="permit_id", hears=get_args(Hears), key=key, evolve=evolve
)
