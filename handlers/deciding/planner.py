"""Planner: every few hours one original post is decided and its permit asked for.

Topics come from the operator's list, one after the other. The permit is judged by the same law as
a reply's, with an allowlist of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.in_force import rules_in_force, whole_account
from handlers.money.purse import OfMoney, Purse, exhausted
from handlers.money.purse import by_account as purse_by_account
from handlers.quiet import is_quiet
from schema.contracts import Fold, Handler, Recorded
from schema.events.base import OfPermit
from schema.events.drafting import DraftRejected
from schema.events.operations import Job, JobDue, SettingsChanged
from schema.events.permitting import PermitCreated, PermitRejected
from schema.events.planning import PlanningSkipped, PlanReason
from schema.events.posting import ClickAttempt, ClickBlocked, ClickWithheld, PostingFailed
from schema.events.scheduling import DecisionMade, DecisionType
from schema.ids import DecisionId, PermitId, SchedulerRunId, derive
from schema.rules import Rules

PIPELINE_SOURCE = "content_planner"
PURPOSE = "content_generation"

Ending = (
    PermitRejected | DraftRejected | ClickAttempt | ClickBlocked | ClickWithheld | PostingFailed
)
Hears = SettingsChanged | JobDue | Ending | OfMoney
Says = DecisionMade | PermitCreated | PlanningSkipped


class Plans(msgspec.Struct, frozen=True):
    """Originals that are under way, and the topic of the newest."""

    queued: tuple[str, ...] = ()
    topic: str = ""


class States(msgspec.Struct, frozen=True):
    """What the planner remembers."""

    rules: Rules
    plans: Plans
    purse: Purse


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Decide one original post when due, or say why none."""
    match recorded.event:
        case JobDue(job=Job.PLAN) as event:
            why = _against(states, event, recorded.at)
            if why is not None:
                run_id = _run_id(recorded)
                queued = len(states.plans.queued)
                return [PlanningSkipped(scheduler_run_id=run_id, reason=why, queued=queued)]
            made = _decision(states, event, recorded)
            return [made, _permit(made, recorded)]
        case _:  # heard only to be remembered
            return []


def _against(states: States, event: JobDue, now: datetime) -> PlanReason | None:
    plan = states.rules.plan
    if not plan.topics:
        return PlanReason.NO_TOPICS
    if not plan.has_form:
        return PlanReason.NO_FORM
    if is_quiet(states.rules.schedule, now, event.utc_offset_min):
        return PlanReason.QUIET_HOURS
    if len(states.plans.queued) >= plan.queued_max:
        return PlanReason.ENOUGH_QUEUED
    if exhausted(states.purse, now, PURPOSE) is not None:
        return PlanReason.BUDGET_EXHAUSTED
    return None


def _run_id(recorded: Recorded[Hears]) -> SchedulerRunId:
    return SchedulerRunId(derive(recorded.event_id, "plan_run"))


def _decision(states: States, event: JobDue, recorded: Recorded[Hears]) -> DecisionMade:
    styles = states.rules.draft.styles
    return DecisionMade(
        candidate_id=None,
        evaluation_id=None,
        queue_id=None,
        scheduler_run_id=_run_id(recorded),
        decision_id=DecisionId(derive(recorded.event_id, "decision")),
        decision_type=DecisionType.SINGLE,
        pipeline_source=PIPELINE_SOURCE,
        target_post_id=None,
        target_url=None,
        target_author=None,
        source=None,
        tier=None,
        style=styles[event.seed % len(styles)] if styles else "",
        scheduled_at=event.slot,
        topic=next_topic(states.rules.plan.topics, states.plans.topic),
    )


def next_topic(topics: Sequence[str], last: str) -> str:
    """Return the topic after the last one, round the list; a list of one alone repeats it."""
    known = list(dict.fromkeys(topics))
    return known[(known.index(last) + 1) % len(known)] if last in known else known[0]


def _permit(made: DecisionMade, recorded: Recorded[Hears]) -> PermitCreated:
    return PermitCreated(
        candidate_id=None,
        evaluation_id=None,
        queue_id=None,
        scheduler_run_id=made.scheduler_run_id,
        decision_id=made.decision_id,
        permit_id=PermitId(derive(recorded.event_id, "permit")),
        decision_type=made.decision_type,
        pipeline_source=made.pipeline_source,
        target_post_id=None,
        target_url=None,
        target_author=None,
        target_is_root=True,
        target_in_reply_to=None,
    )


def _evolve(plans: Plans, recorded: Recorded[Any]) -> Plans:
    event = recorded.event
    match event:
        case DecisionMade():
            queued = (*plans.queued, str(event.decision_id))
            return replace(plans, queued=queued, topic=event.topic)
        case DraftRejected(final=False) | PostingFailed(final=False):
            return plans
        case OfPermit() if isinstance(event, get_args(Ending)):
            gone = str(event.decision_id)
            return replace(plans, queued=tuple(one for one in plans.queued if one != gone))
        case _:
            return plans


planner = Handler(
    name="planner",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "plans": Fold(state=Plans, initial=Plans(), key=whole_account, evolve=_evolve),
        "purse": purse_by_account,
    },
    states=States,
    decide=decide,
    jobs=(Job.PLAN,),
)
