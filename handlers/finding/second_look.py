"""Second look: a candidate that was not judged for want of money or quota is, once there is some.

It was rejected for the time being, so that nothing waits for it. Should every call fail again, it
is back here; it is given up when it has waited as long as a queue item may.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.entries import without
from handlers.in_force import rules_in_force, whole_account
from handlers.money.purse import OfMoney, Purse, exhausted
from handlers.money.purse import by_account as purse_by_account
from schema.contracts import Fold, Handler, Recorded
from schema.events.judging import CandidateEvaluated, JudgementRequested, ModelCalled
from schema.events.money import (
    CircuitClosed,
    CircuitOpened,
    ModelReservationLapsed,
    ModelReserved,
    ModelWithheld,
)
from schema.events.operations import Job, JobDue, SettingsChanged
from schema.ids import CandidateId, EvaluationId, derive
from schema.posts import Post
from schema.rules import Rules

PURPOSE = "target_judge"

UNJUDGED = frozenset({"judge_budget", "judge_circuit", "judge_insufficient_quota"})
"""Reasons that say nothing about the candidate."""

KEPT_MAX = 50
"""Candidates that are remembered, the newest; five times what a queue should hold."""

AT_ONCE = 10
"""Candidates that are asked about at a time: a queue's worth, which the judge is done with soon."""

Hears = SettingsChanged | JobDue | CandidateEvaluated | OfMoney
Says = JudgementRequested


class Unjudged(msgspec.Struct, frozen=True):
    """One candidate, since when it waits for a judge, and whether one is being asked."""

    candidate_id: CandidateId
    post: Post
    since: datetime
    asked: bool = False


class Waiting(msgspec.Struct, frozen=True):
    """The candidates that were not judged, by id, the newest last."""

    items: dict[str, Unjudged] = {}


class States(msgspec.Struct, frozen=True):
    """What a second look remembers."""

    rules: Rules
    waiting: Waiting
    purse: Purse


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Ask about the newest again whenever the watchdog is due and a call may be paid."""
    match recorded.event:
        case JobDue(job=Job.WATCHDOG):
            return _again(states, recorded)
        case (
            SettingsChanged()
            | JobDue()
            | CandidateEvaluated()
            | ModelReserved()
            | ModelWithheld()
            | ModelCalled()
            | ModelReservationLapsed()
            | CircuitOpened()
            | CircuitClosed()
        ):
            return []


def _again(states: States, recorded: Recorded[Hears]) -> list[Says]:
    if exhausted(states.purse, recorded.at, PURPOSE) is not None:
        return []
    count = AT_ONCE if states.purse.open_since is None else 1  # one is enough to try a circuit
    oldest = recorded.at - timedelta(hours=states.rules.queue.expires_h)
    waiting = states.waiting.items.values()
    fresh = [one for one in waiting if one.since > oldest and not one.asked]
    return [
        JudgementRequested(
            candidate_id=one.candidate_id,
            evaluation_id=EvaluationId(derive(recorded.event_id, "evaluation", ordinal)),
            post=one.post,
        )
        for ordinal, one in enumerate(reversed(fresh[-count:]))
    ]


def _evolve(waiting: Waiting, recorded: Recorded[Any]) -> Waiting:
    event = recorded.event
    if not isinstance(event, CandidateEvaluated | JudgementRequested):
        return waiting
    known = waiting.items.get(str(event.candidate_id))
    match event:
        case CandidateEvaluated() if event.reason in UNJUDGED:
            since = recorded.at if known is None else known.since
            return _put(waiting, Unjudged(event.candidate_id, event.post, since))
        case _ if known is None:
            return waiting
        case CandidateEvaluated():
            return Waiting(without(waiting.items, event.candidate_id))
        case JudgementRequested():
            return _put(waiting, replace(known, asked=True))


def _put(waiting: Waiting, one: Unjudged) -> Waiting:
    """Keep the newest; a known one keeps its place."""
    items = waiting.items | {str(one.candidate_id): one}
    return Waiting(dict(list(items.items())[-KEPT_MAX:]))


second_look = Handler(
    name="second_look",
    hears=get_args(Hears),
    says=(Says,),
    folds={
        "rules": rules_in_force,
        "waiting": Fold(state=Waiting, initial=Waiting(), key=whole_account, evolve=_evolve),
        "purse": purse_by_account,
    },
    states=States,
    decide=decide,
    jobs=(Job.WATCHDOG,),
)
