"""Wards: the permits that nobody spent yet, what ended some of them, and the stops."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers import stops
from handlers.entries import without
from handlers.in_force import whole_account
from schema.contracts import Fold, Recorded
from schema.events.base import OfPermit
from schema.events.drafting import DraftRejected
from schema.events.judging import CandidateRejected
from schema.events.operations import PostingAllowed, PostingStopped
from schema.events.permitting import (
    PermitApproved,
    PermitCreated,
    PermitExpired,
    PermitRejected,
    PermitRevoked,
    RevokeReason,
)
from schema.events.posting import ClickAttempt, ClickBlocked, ClickWithheld
from schema.events.queueing import CandidateExpired
from schema.ids import EventId

Ending = DraftRejected | CandidateExpired | CandidateRejected | ClickWithheld | ClickBlocked

LEAVING = (PermitRejected, PermitExpired, PermitRevoked, ClickAttempt)
"""Events after which nothing of the permit is left to spend."""


class End(msgspec.Struct, frozen=True):
    """Why a permit is to be revoked."""

    reason: RevokeReason
    why: str


class Unspent(msgspec.Struct, frozen=True):
    """A permit that may still be spent: what ends it would spend `last`.

    `over` outlives its event only when the revocation was refused, for an approval came between.
    """

    permit: PermitCreated
    last: EventId
    expires_at: datetime | None = None
    over: End | None = None


class Wards(msgspec.Struct, frozen=True):
    """Unspent permits by id, permits to renew when posting is allowed again, and the stops."""

    unspent: dict[str, Unspent] = {}
    renewals: dict[str, PermitCreated] = {}
    stops: tuple[str, ...] = ()


def end_of(event: Ending) -> End:
    """Return why the permits of what ended are over."""
    match event:
        case DraftRejected():
            return End(RevokeReason.DRAFT_REJECTED, event.why)
        case CandidateExpired():
            return End(RevokeReason.QUEUE_ITEM_EXPIRED, "expired")
        case CandidateRejected():
            return End(RevokeReason.QUEUE_ITEM_EXPIRED, event.reason)
        case ClickWithheld():
            return End(RevokeReason.POSTING_FAILED, f"click_withheld_{event.mode}")
        case ClickBlocked():
            return End(RevokeReason.POSTING_FAILED, f"click_blocked {event.code}")


def is_of(ward: Unspent, event: Ending) -> bool:
    """Say whether what ended is this permit's own work, or its queue item."""
    if isinstance(event, DraftRejected | ClickWithheld | ClickBlocked):
        return ward.permit.permit_id == event.permit_id
    return event.queue_id is not None and ward.permit.queue_id == event.queue_id


def _evolve(wards: Wards, recorded: Recorded[Any]) -> Wards:
    event = recorded.event
    match event:
        case PermitCreated():
            entry = {str(event.permit_id): Unspent(event, recorded.event_id)}
            renewals = without(wards.renewals, event.supersedes)
            return replace(wards, unspent=wards.unspent | entry, renewals=renewals)
        case PermitApproved():
            return _approved(wards, event, recorded)
        case PermitRevoked(reason=RevokeReason.POSTING_STOPPED):
            ward = wards.unspent.get(str(event.permit_id))
            kept = {str(event.permit_id): ward.permit} if ward else {}
            unspent = without(wards.unspent, event.permit_id)
            return replace(wards, unspent=unspent, renewals=wards.renewals | kept)
        case OfPermit() if isinstance(event, LEAVING):
            return replace(wards, unspent=without(wards.unspent, event.permit_id))
        case DraftRejected(final=True):
            return _over(wards, event)
        case ClickWithheld() | ClickBlocked() if event.queue_id is None:
            return _over(wards, event)
        case CandidateExpired() | CandidateRejected():
            renewals = {k: p for k, p in wards.renewals.items() if p.queue_id != event.queue_id}
            return _over(replace(wards, renewals=renewals), event)
        case PostingStopped() | PostingAllowed():
            return replace(wards, stops=stops.after(wards.stops, event))
        case _:
            return wards


def _approved(wards: Wards, event: PermitApproved, recorded: Recorded[Any]) -> Wards:
    ward = wards.unspent.get(str(event.permit_id))
    if ward is None:
        return wards
    expires_at = recorded.at + timedelta(seconds=event.ttl_s)
    approved = replace(ward, last=recorded.event_id, expires_at=expires_at)
    return replace(wards, unspent=wards.unspent | {str(event.permit_id): approved})


def _over(wards: Wards, event: Ending) -> Wards:
    """Remember why permits are over: one may be approved before its revocation is on record."""
    over = {
        key: replace(ward, over=end_of(event))
        for key, ward in wards.unspent.items()
        if is_of(ward, event)
    }
    return replace(wards, unspent=wards.unspent | over) if over else wards


by_account: Fold[Wards] = Fold(state=Wards, initial=Wards(), key=whole_account, evolve=_evolve)
