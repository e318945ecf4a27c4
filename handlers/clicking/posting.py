"""Posting: each pass orders the due clicks, oldest first, as far as the caps allow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args

import msgspec

from handlers.clicking.desk import Desk, Due, by_account
from handlers.in_force import rules_in_force
from handlers.quiet import is_quiet
from schema.contracts import Handler, Recorded
from schema.events.base import permit_ids
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


posting = Handler(
    name="posting",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "desk": by_account,
    },
    states=States,
    decide=decide,
    jobs=(Job.POST,),
)
