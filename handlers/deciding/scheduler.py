"""Scheduler: a slot takes the best waiting candidate, decides, and asks for its permit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import get_args

import msgspec

from handlers.deciding.board import Board, by_account
from handlers.deciding.choosing import Chosen, chosen, freshest_first
from handlers.in_force import rules_in_force
from handlers.learning.learned import Learned
from handlers.learning.learned import by_account as learned_by_account
from handlers.money.purse import OfMoney, Purse, exhausted
from handlers.money.purse import by_account as purse_by_account
from handlers.quiet import is_quiet, quiet_detail
from schema.contracts import Handler, Recorded
from schema.events.drafting import DraftRejected
from schema.events.judging import CandidateRejected, ModelCalled
from schema.events.learning import ArmTrained
from schema.events.money import (
    CircuitClosed,
    CircuitOpened,
    ModelReservationLapsed,
    ModelReserved,
    ModelWithheld,
)
from schema.events.operations import PostingAllowed, PostingStopped, SettingsChanged
from schema.events.permitting import PermitCreated, PermitRejected
from schema.events.posting import ClickAttempt
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.events.scheduling import (
    DecisionMade,
    DecisionType,
    SchedulerStarted,
    SlotClosed,
    SlotReason,
)
from schema.ids import DecisionId, PermitId, derive
from schema.rules import PermitRules, Rules

PIPELINE_SOURCE = "reply_v2_scheduler"
PURPOSE = "reply_generation"

Hears = (
    SettingsChanged
    | SchedulerStarted
    | CandidateQueued
    | CandidateReleased
    | CandidateExpired
    | CandidateRejected
    | PostingStopped
    | PostingAllowed
    | PermitRejected
    | DraftRejected
    | ClickAttempt
    | ArmTrained
    | OfMoney
)
Says = CandidateSelected | DecisionMade | PermitCreated | SlotClosed


class States(msgspec.Struct, frozen=True):
    """What the scheduler remembers."""

    rules: Rules
    board: Board
    learned: Learned
    purse: Purse


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Close every slot that started, with a decision or with the reason for none."""
    event = recorded.event
    match event:
        case SchedulerStarted():
            return _fill(states, event, recorded)
        case (
            SettingsChanged()
            | CandidateQueued()
            | CandidateReleased()
            | CandidateExpired()
            | CandidateRejected()
            | PostingStopped()
            | PostingAllowed()
            | PermitRejected()
            | DraftRejected()
            | ClickAttempt()
            | ArmTrained()
            | ModelReserved()
            | ModelWithheld()
            | ModelCalled()
            | ModelReservationLapsed()
            | CircuitOpened()
            | CircuitClosed()
        ):
            return []


def _fill(states: States, event: SchedulerStarted, recorded: Recorded[Hears]) -> list[Says]:
    board, now = states.board, recorded.at
    schedule = states.rules.schedule
    if is_quiet(schedule, now, event.utc_offset_min):
        return [_closed(event, SlotReason.RATE_LIMITED, None, board, quiet_detail(schedule))]
    blocked = _blocked(states, now)
    if blocked is not None:
        return [_closed(event, blocked, None, board)]
    unpaid = exhausted(states.purse, now, PURPOSE)
    if unpaid is not None:
        return [_closed(event, SlotReason.BUDGET_EXHAUSTED, None, board, unpaid)]
    free = _free(board, states.rules.permit, now)
    if not free:
        alive = any(item.expires_at > now for item in board.waiting.values())
        reason = SlotReason.RATE_LIMITED if alive else SlotReason.QUEUE_EMPTY
        return [_closed(event, reason, None, board)]
    taken = chosen(free, states.rules.draft.styles, states.learned, event.seed)
    item, made = taken.item, _decision(taken, states.learned.version, event, recorded)
    selected = CandidateSelected(
        candidate_id=item.candidate_id,
        evaluation_id=item.evaluation_id,
        queue_id=item.queue_id,
        scheduler_run_id=event.scheduler_run_id,
        decision_id=made.decision_id,
    )
    permit = _permit(made, item, recorded)
    return [selected, made, permit, _closed(event, SlotReason.DECIDED, made, board)]


def _blocked(states: States, now: datetime) -> SlotReason | None:
    board, rules = states.board, states.rules
    if len(board.open) >= rules.post.per_pass:
        return SlotReason.POSTING_DISABLED if board.stops else SlotReason.RATE_LIMITED
    caps = rules.permit
    expected = len(board.open)
    if _clicks_since(board, now - timedelta(hours=1)) + expected >= caps.per_hour:
        return SlotReason.RATE_LIMITED
    if _clicks_since(board, now - timedelta(days=1)) + expected >= caps.per_day:
        return SlotReason.RATE_LIMITED
    return None


def _clicks_since(board: Board, since: datetime) -> int:
    return sum(at > since for at, _ in board.clicks)


def choose(board: Board, caps: PermitRules, now: datetime) -> CandidateQueued | None:
    """Pick the best tier, then the freshest post, from whatever source; None when none is free."""
    free = _free(board, caps, now)
    return min(free, key=lambda item: (item.tier, freshest_first(item)), default=None)


def _free(board: Board, caps: PermitRules, now: datetime) -> list[CandidateQueued]:
    """Return what waits and whose author has not had our replies today."""
    yesterday = now - timedelta(days=1)
    busy = [author for at, author in board.clicks if at > yesterday] + list(board.open.values())
    return [
        item
        for item in board.waiting.values()
        if busy.count(item.post.author) < caps.per_author_per_day and item.expires_at > now
    ]


def _decision(
    taken: Chosen, version: int, event: SchedulerStarted, recorded: Recorded[Hears]
) -> DecisionMade:
    item, choice = taken.item, taken.choice
    return DecisionMade(
        candidate_id=item.candidate_id,
        evaluation_id=item.evaluation_id,
        queue_id=item.queue_id,
        scheduler_run_id=event.scheduler_run_id,
        decision_id=DecisionId(derive(recorded.event_id, "decision")),
        decision_type=DecisionType.REPLY,
        pipeline_source=PIPELINE_SOURCE,
        target_post_id=item.post.post_id,
        target_url=item.post.url,
        target_author=item.post.author,
        source=item.source,
        tier=item.tier,
        style=taken.style,
        scheduled_at=event.slot,
        arm=choice.arm,
        propensity=choice.propensity,
        explored=choice.explored,
        arms_version=version,
    )


def _permit(made: DecisionMade, item: CandidateQueued, recorded: Recorded[Hears]) -> PermitCreated:
    return PermitCreated(
        candidate_id=made.candidate_id,
        evaluation_id=made.evaluation_id,
        queue_id=made.queue_id,
        scheduler_run_id=made.scheduler_run_id,
        decision_id=made.decision_id,
        permit_id=PermitId(derive(recorded.event_id, "permit")),
        decision_type=made.decision_type,
        pipeline_source=made.pipeline_source,
        target_post_id=made.target_post_id,
        target_url=made.target_url,
        target_author=made.target_author,
        target_is_root=item.post.is_root,
        target_in_reply_to=item.post.in_reply_to,
    )


def _closed(
    event: SchedulerStarted,
    reason: SlotReason,
    made: DecisionMade | None,
    board: Board,
    detail: str = "",
) -> SlotClosed:
    return SlotClosed(
        scheduler_run_id=event.scheduler_run_id,
        slot=event.slot,
        reason=reason,
        decision_id=made.decision_id if made else None,
        queue_size=len(board.waiting),
        detail=detail,
    )


scheduler = Handler(
    name="scheduler",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "board": by_account,
        "learned": learned_by_account,
        "purse": purse_by_account,
    },
    states=States,
    decide=decide,
)
