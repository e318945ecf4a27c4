"""The permit: the right to click "post" once, for one decision, target and text."""

from __future__ import annotations

from enum import StrEnum

from schema.events.base import OfPermit
from schema.events.scheduling import DecisionType
from schema.ids import EventId, PermitId


class ReasonCode(StrEnum):
    """Why a permit was refused, in the order of the checks."""

    INVALID_PIPELINE_SOURCE = "invalid_pipeline_source"
    TARGET_NOT_ROOT = "target_not_root"
    TARGET_IS_OWN_POST = "target_is_own_post"
    TARGET_ALREADY_REPLIED = "target_already_replied"
    AUTHOR_BLOCKED = "author_blocked"
    RATE_LIMITED = "rate_limited"
    RULES_NOT_SIGNED = "rules_not_signed"
    REFUSED_BY_PERSON = "refused_by_person"


class RevokeReason(StrEnum):
    """Why an unspent permit ended early."""

    POSTING_STOPPED = "posting_stopped"
    POSTING_FAILED = "posting_failed"
    DRAFT_REJECTED = "draft_rejected"
    QUEUE_ITEM_EXPIRED = "queue_item_expired"
    PERSON = "person"


class PermitCreated(OfPermit, frozen=True, kw_only=True):
    """A permit is asked for. Nothing may be clicked yet."""

    decision_type: DecisionType
    pipeline_source: str
    target_url: str | None
    target_author: str | None
    target_is_root: bool
    target_in_reply_to: str | None
    supersedes: PermitId | None = None


class PermitApproved(OfPermit, frozen=True, kw_only=True):
    """The permit may be spent once within `ttl_s` seconds of this event's recording."""

    spends: EventId
    ttl_s: int
    approved_by: str
    text_hash: str | None = None


class PermitRejected(OfPermit, frozen=True, kw_only=True):
    """The permit was refused, with the check that refused it."""

    spends: EventId
    reason_code: ReasonCode
    error_message: str
    pipeline_source: str
    allowed_sources: tuple[str, ...] = ()


class PermitExpired(OfPermit, frozen=True, kw_only=True):
    """The permit was not spent in time."""

    spends: EventId


class PermitRevoked(OfPermit, frozen=True, kw_only=True):
    """The permit was taken back unspent."""

    spends: EventId
    reason: RevokeReason
    detail: str = ""
