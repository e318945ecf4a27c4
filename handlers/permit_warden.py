"""Permit warden: an unspent permit ends in time, and its decision gets a new one to be judged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers import stops
from handlers.in_force import whole_account
from schema.contracts import Fold, Handler, Recorded
from schema.events.base import OfPermit, permit_ids
from schema.events.drafting import DraftRejected
from schema.events.judging import CandidateRejected
from schema.events.operations import Job, JobDue, PostingAllowed, PostingStopped
from schema.events.permitting import (
    PermitApproved,
    PermitCreated,
    PermitExpired,
    PermitRejected,
    PermitRevoked,
    RevokeReason,
)
from schema.events.posting import ClickAttempt, ClickBlocked, ClickWithheld, PostingFailed
from schema.events.queueing import CandidateExpired
from schema.ids import EventId, PermitId, derive

Hears = (
    JobDue
    | PostingStopped
    | PostingAllowed
    | PermitCreated
    | PermitApproved
    | PermitRejected
    | PostingFailed
    | DraftRejected
    | CandidateExpired
    | CandidateRejected
    | ClickWithheld
    | ClickBlocked
    | ClickAttempt
)
Says = PermitExpired | PermitRevoked | PermitCreated
Ending = DraftRejected | CandidateExpired | CandidateRejected | ClickWithheld | ClickBlocked


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


class States(msgspec.Struct, frozen=True):
    """What the warden remembers."""

    wards: Wards


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Expire, revoke and renew permits that nobody spent."""
    event, wards = recorded.event, states.wards
    match event:
        case JobDue(job=Job.POST):
            return _expire(wards, recorded)
        case PostingStopped():
            return [
                _revoked(ward, RevokeReason.POSTING_STOPPED, event.why)
                for ward in wards.unspent.values()
                if ward.expires_at is not None
            ]
        case PostingAllowed():
            if stops.after(wards.stops, event):
                return []
            return [
                _renewed(permit, recorded, ordinal)
                for ordinal, permit in enumerate(wards.renewals.values())
            ]
        case PermitApproved():
            return _revoke_late(wards, event, recorded)
        case PostingFailed():
            return _replace_failed(wards, event, recorded)
        case DraftRejected(final=True):
            return _ended(wards, event)
        case CandidateExpired() | CandidateRejected():
            return _ended(wards, event)
        case ClickWithheld() | ClickBlocked() if event.queue_id is None:
            return _ended(wards, event)  # an original has no queue item whose end would end it
        case (
            JobDue()
            | PermitCreated()
            | PermitRejected()
            | DraftRejected()
            | ClickWithheld()
            | ClickBlocked()
            | ClickAttempt()
        ):
            return []


def _expire(wards: Wards, recorded: Recorded[Hears]) -> list[Says]:
    said: list[Says] = []
    for ward in wards.unspent.values():
        if ward.expires_at is not None and ward.expires_at <= recorded.at:
            said.append(PermitExpired(**permit_ids(ward.permit), spends=ward.last))
            said.append(_renewed(ward.permit, recorded, len(said)))
    return said


def _revoke_late(wards: Wards, event: PermitApproved, recorded: Recorded[Hears]) -> list[Says]:
    """Revoke an approval that was on its way while posting was stopped or its work ended."""
    ward = wards.unspent.get(str(event.permit_id))
    if ward is None or not (wards.stops or ward.over):
        return []
    end = ward.over or End(RevokeReason.POSTING_STOPPED, "approved after the stop")
    return [_revoked(replace(ward, last=recorded.event_id), end.reason, end.why)]


def _replace_failed(wards: Wards, event: PostingFailed, recorded: Recorded[Hears]) -> list[Says]:
    ward = wards.unspent.get(str(event.permit_id))
    if ward is None:
        return []
    revoked = _revoked(ward, RevokeReason.POSTING_FAILED, event.reason)
    return [revoked] if event.final else [revoked, _renewed(ward.permit, recorded, 0)]


def _ended(wards: Wards, event: Ending) -> list[Says]:
    """Revoke the permits of a decision or of a queue item that is over."""
    end = _end_of(event)
    return [
        _revoked(ward, end.reason, end.why)
        for ward in wards.unspent.values()
        if _is_of(ward, event)
    ]


def _end_of(event: Ending) -> End:
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


def _is_of(ward: Unspent, event: Ending) -> bool:
    if isinstance(event, DraftRejected | ClickWithheld | ClickBlocked):
        return ward.permit.permit_id == event.permit_id
    return event.queue_id is not None and ward.permit.queue_id == event.queue_id


def _revoked(ward: Unspent, reason: RevokeReason, detail: str) -> PermitRevoked:
    return PermitRevoked(
        **permit_ids(ward.permit), spends=ward.last, reason=reason, detail=detail[:300]
    )


def _renewed(permit: PermitCreated, recorded: Recorded[Hears], ordinal: int) -> PermitCreated:
    renewed = PermitId(derive(recorded.event_id, f"permit for {permit.decision_id}", ordinal))
    return replace(permit, permit_id=renewed, supersedes=permit.permit_id)


def _evolve(wards: Wards, recorded: Recorded[Any]) -> Wards:
    event = recorded.event
    match event:
        case PermitCreated():
            entry = {str(event.permit_id): Unspent(event, recorded.event_id)}
            renewals = _without(wards.renewals, event.supersedes)
            return replace(wards, unspent=wards.unspent | entry, renewals=renewals)
        case PermitApproved():
            return _approved(wards, event, recorded)
        case PermitRevoked(reason=RevokeReason.POSTING_STOPPED):
            ward = wards.unspent.get(str(event.permit_id))
            kept = {str(event.permit_id): ward.permit} if ward else {}
            unspent = _without(wards.unspent, event.permit_id)
            return replace(wards, unspent=unspent, renewals=wards.renewals | kept)
        case OfPermit() if isinstance(event, _ENDING):
            return replace(wards, unspent=_without(wards.unspent, event.permit_id))
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


_ENDING = (PermitRejected, PermitExpired, PermitRevoked, ClickAttempt)


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
        key: replace(ward, over=_end_of(event))
        for key, ward in wards.unspent.items()
        if _is_of(ward, event)
    }
    return replace(wards, unspent=wards.unspent | over) if over else wards


def _without(entries: dict[str, Any], key: object) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if name != str(key)}


permit_warden = Handler(
    name="permit_warden",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={"wards": Fold(state=Wards, initial=Wards(), key=whole_account, evolve=_evolve)},
    states=States,
    decide=decide,
    jobs=(Job.POST,),
)
