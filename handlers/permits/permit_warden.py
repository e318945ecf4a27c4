"""Permit warden: an unspent permit ends in time, and its decision gets a new one to be judged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import msgspec
from msgspec.structs import replace

from handlers import stops
from handlers.permits.wards import End, Ending, Unspent, Wards, by_account, end_of, is_of
from schema.contracts import Handler, Recorded
from schema.events.base import permit_ids
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
from schema.ids import PermitId, derive

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
    end = end_of(event)
    return [
        _revoked(ward, end.reason, end.why) for ward in wards.unspent.values() if is_of(ward, event)
    ]


def _revoked(ward: Unspent, reason: RevokeReason, detail: str) -> PermitRevoked:
    return PermitRevoked(
        **permit_ids(ward.permit), spends=ward.last, reason=reason, detail=detail[:300]
    )


def _renewed(permit: PermitCreated, recorded: Recorded[Hears], ordinal: int) -> PermitCreated:
    renewed = PermitId(derive(recorded.event_id, f"permit for {permit.decision_id}", ordinal))
    return replace(permit, permit_id=renewed, supersedes=permit.permit_id)


permit_warden = Handler(
    name="permit_warden",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={"wards": by_account},
    states=States,
    decide=decide,
    jobs=(Job.POST,),
)
