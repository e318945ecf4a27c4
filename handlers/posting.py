"""Posting: each pass orders the due clicks, oldest first, as far as the caps allow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers import stops
from handlers.entries import without
from handlers.in_force import rules_in_force, whole_account
from handlers.quiet import is_quiet
from schema.contracts import Fold, Handler, Recorded
from schema.events.base import OfPermit, permit_ids
from schema.events.drafting import DraftAccepted
from schema.events.operations import (
    Job,
    JobDue,
    PostingAllowed,
    PostingStopped,
    SettingsChanged,
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
    PassSkip,
    PostingPassClosed,
)
from schema.events.scheduling import DecisionMade
from schema.ids import EventId
from schema.rules import PermitRules, Rules

Hears = (
    SettingsChanged
    | JobDue
    | PostingStopped
    | PostingAllowed
    | DecisionMade
    | PermitCreated
    | PermitApproved
    | PermitRejected
    | PermitExpired
    | PermitRevoked
    | DraftAccepted
    | ClickBlocked
    | ClickDeferred
    | ClickWithheld
    | ClickAttempt
)
Says = ClickOrdered | PostingPassClosed

NAMED_MAX = 100  # of the decisions that a pass skipped; an event is no place for thousands


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


class States(msgspec.Struct, frozen=True):
    """What posting remembers."""

    rules: Rules
    desk: Desk


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Order due clicks when a pass is due."""
    event = recorded.event
    match event:
        case JobDue(job=Job.POST):
            return _pass(states, recorded.at, event.utc_offset_min)
        case (
            SettingsChanged()
            | JobDue()
            | PostingStopped()
            | PostingAllowed()
            | DecisionMade()
            | PermitCreated()
            | PermitApproved()
            | PermitRejected()
            | PermitExpired()
            | PermitRevoked()
            | DraftAccepted()
            | ClickBlocked()
            | ClickDeferred()
            | ClickWithheld()
            | ClickAttempt()
        ):
            return []


def _pass(states: States, now: datetime, utc_offset_min: int) -> list[Says]:
    desk, rules = states.desk, states.rules
    found = [due for due in desk.due.values() if _is_due(due, now, stopped=bool(desk.stops))]
    if not found:
        return []
    found.sort(key=lambda due: (due.scheduled_at, str(due.permit.permit_id)))
    quiet = is_quiet(rules.schedule, now, utc_offset_min)
    skipped, room = (PassSkip.QUIET_HOURS, 0) if quiet else _room(desk, rules, now)
    chosen = [_ordered(due) for due in found[:room]]
    left = [] if chosen else found[:NAMED_MAX]
    closed = PostingPassClosed(
        found=len(found),
        ordered=len(chosen),
        skipped=None if chosen else skipped,
        skipped_decisions=tuple(due.permit.decision_id for due in left),
    )
    return [*chosen, closed]


def _is_due(due: Due, now: datetime, *, stopped: bool) -> bool:
    ready = due.draft is not None and due.scheduled_at <= now and not due.ordered
    if stopped:
        return ready
    return (
        ready and due.approval is not None and due.expires_at is not None and due.expires_at > now
    )


def _room(desk: Desk, rules: Rules, now: datetime) -> tuple[PassSkip, int]:
    if desk.stops:
        return PassSkip.POSTING_DISABLED, 0
    under_way = sum(due.ordered for due in desk.due.values())
    room = min(rules.post.per_pass, _caps_left(desk.clicks, rules.permit, now) - under_way)
    if rules.permit.gap_s:
        last = max(desk.clicks, default=None)
        free = last is None or now - last >= timedelta(seconds=rules.permit.gap_s)
        room = min(room, 1 if free and not under_way else 0)
    return PassSkip.RATE_LIMITED, max(room, 0)


def _caps_left(clicks: tuple[datetime, ...], rules: PermitRules, now: datetime) -> int:
    in_hour = sum(at > now - timedelta(hours=1) for at in clicks)
    in_day = sum(at > now - timedelta(days=1) for at in clicks)
    return min(rules.per_hour - in_hour, rules.per_day - in_day)


def _ordered(due: Due) -> ClickOrdered:
    assert due.approval is not None, "a due click is approved"
    assert due.draft is not None, "a due click has its text"
    return ClickOrdered(
        **permit_ids(due.permit),
        approval=due.approval,
        text=due.draft.text,
        text_hash=due.draft.text_hash,
        target_url=due.permit.target_url,
        target_author=due.permit.target_author,
    )


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


posting = Handler(
    name="posting",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "desk": Fold(state=Desk, initial=Desk(), key=whole_account, evolve=_evolve),
    },
    states=States,
    decide=decide,
    jobs=(Job.POST,),
)
