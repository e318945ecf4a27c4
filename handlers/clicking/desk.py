"""The desk: unspent permits on their way to a click, and the clicks of the last day."""

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
from schema.events.drafting import DraftAccepted
from schema.events.operations import (
    PostingAllowed,
    PostingStopped,
)
from schema.events.permitting import (
    PermitApproved,
    PermitCreated,
    PermitExpired,
    PermitRejected,
    PermitRevoked,
    RevokeReason,
)
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickDeferred,
    ClickOrdered,
    ClickWithheld,
)
from schema.events.scheduling import DecisionMade
from schema.ids import EventId


class Due(msgspec.Struct, frozen=True):
    """One unspent permit on its way to a click."""

    permit: PermitCreated
    scheduled_at: datetime
    approval: EventId | None = None
    expires_at: datetime | None = None
    draft: DraftAccepted | None = None
    ordered: bool = False


class Desk(msgspec.Struct, frozen=True):
    """Unspent permits by id, slots of decisions, clicks of the last day, and the stops."""

    due: dict[str, Due] = {}
    scheduled: dict[str, datetime] = {}
    clicks: tuple[datetime, ...] = ()
    stops: tuple[str, ...] = ()


def _evolve(desk: Desk, recorded: Recorded[Any]) -> Desk:
    event = recorded.event
    match event:
        case DecisionMade():
            scheduled = desk.scheduled | {str(event.decision_id): event.scheduled_at}
            return replace(desk, scheduled=scheduled)
        case PermitCreated():
            slot = desk.scheduled.get(str(event.decision_id), recorded.at)
            return replace(desk, due=desk.due | {str(event.permit_id): Due(event, slot)})
        case PermitApproved():
            expires_at = recorded.at + timedelta(seconds=event.ttl_s)
            return _change(desk, event, approval=recorded.event_id, expires_at=expires_at)
        case DraftAccepted():
            return _change(desk, event, draft=event)
        case ClickOrdered():
            return _change(desk, event, ordered=True)
        case ClickDeferred():
            return _change(desk, event, ordered=False)
        case PermitExpired() | PermitRevoked(reason=RevokeReason.POSTING_STOPPED):
            return _drop(desk, event)
        case PermitRejected() | PermitRevoked() | ClickWithheld() | ClickBlocked():
            # one whose page cannot be had joins the end of the line, or it would block the others
            return _forget(_drop(desk, event), event)
        case ClickAttempt():
            day = recorded.at - timedelta(days=1)
            clicks = (*(at for at in desk.clicks if at > day), recorded.at)
            return replace(_forget(_drop(desk, event), event), clicks=clicks)
        case PostingStopped() | PostingAllowed():
            return replace(desk, stops=stops.after(desk.stops, event))
        case _:
            return desk


def _change(desk: Desk, event: OfPermit, **fields: Any) -> Desk:
    due = desk.due.get(str(event.permit_id))
    if due is None:
        return desk
    return replace(desk, due=desk.due | {str(event.permit_id): replace(due, **fields)})


def _drop(desk: Desk, event: OfPermit) -> Desk:
    return replace(desk, due=without(desk.due, event.permit_id))


def _forget(desk: Desk, event: OfPermit) -> Desk:
    scheduled = without(desk.scheduled, event.decision_id)
    return replace(desk, scheduled=scheduled)


by_account: Fold[Desk] = Fold(state=Desk, initial=Desk(), key=whole_account, evolve=_evolve)
