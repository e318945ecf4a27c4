"""Learner: every hour the arms get new coefficients from what our posts really led to.

Nothing is learned from simulated outcomes, outside live mode, or from too few outcomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.entries import without
from handlers.in_force import rules_in_force, whole_account
from schema.contracts import Fold, Handler, Recorded
from schema.events.learning import (
    ArmsTrained,
    ArmTrained,
    OutcomeRecorded,
    OutcomeUnavailable,
    SkippedReason,
    TrainingSkipped,
)
from schema.events.operations import Job, JobDue, SettingsChanged
from schema.events.scheduling import DecisionMade
from schema.rules import LearnRules, Rules

Hears = SettingsChanged | JobDue | DecisionMade | OutcomeRecorded | OutcomeUnavailable
Says = ArmTrained | ArmsTrained | TrainingSkipped

LIVE = "live"
PENDING_MAX = 2_000
"""How many decisions without an outcome are remembered: weeks of them, at the caps."""

CHOICES_MAX = 1_000
PULLS_MAX = 5_000
"""What is kept, whatever the rules ask for."""


class Pull(msgspec.Struct, frozen=True):
    """One real outcome of an arm: how many saw, liked and answered."""

    arm: str
    engagement: int
    er: float | None

    def is_success(self, rules: LearnRules) -> bool:
        """Say whether the post did well; without impressions any engagement counts."""
        return self.engagement > 0 if self.er is None else self.er >= rules.er_min


class Lessons(msgspec.Struct, frozen=True):
    """Arms of decisions without an outcome, the last real outcomes and choices, what is trained."""

    pending: dict[str, str] = {}
    pulls: tuple[Pull, ...] = ()
    explored: tuple[bool, ...] = ()
    trained: tuple[str, ...] = ()
    version: int = 0


class States(msgspec.Struct, frozen=True):
    """What the learner remembers."""

    rules: Rules
    lessons: Lessons


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Train when due, or say why not."""
    match recorded.event:
        case JobDue(job=Job.LEARN):
            return _train(states.lessons, states.rules)
        case (
            SettingsChanged() | JobDue() | DecisionMade() | OutcomeRecorded() | OutcomeUnavailable()
        ):
            return []


def _train(lessons: Lessons, rules: Rules) -> list[Says]:
    have, need = len(lessons.pulls), rules.learn.outcomes_min
    if rules.mode != LIVE:
        return [TrainingSkipped(reason=SkippedReason.NOT_LIVE, have=have, need=need)]
    if have < need:
        return [TrainingSkipped(reason=SkippedReason.INSUFFICIENT_OUTCOMES, have=have, need=need)]
    pulls = lessons.pulls[-rules.learn.outcomes_max :]
    names = sorted({*lessons.trained, *(pull.arm for pull in pulls)})
    version = lessons.version + 1
    trained = [_trained(name, version, pulls, rules.learn) for name in names]
    recent = lessons.explored[-rules.learn.choices :]
    closing = ArmsTrained(
        version=version,
        arms=len(names),
        outcomes=len(pulls),
        choices=len(recent),
        explore_ratio=sum(recent) / len(recent) if recent else 0.0,
    )
    return [*trained, closing]


def _trained(name: str, version: int, pulls: Sequence[Pull], rules: LearnRules) -> ArmTrained:
    own = [pull for pull in pulls if pull.arm == name]
    successes = sum(pull.is_success(rules) for pull in own)
    return ArmTrained(
        arm=name,
        version=version,
        alpha=1 + successes,
        beta=1 + len(own) - successes,
        pulls=len(own),
    )


def _evolve(lessons: Lessons, recorded: Recorded[Any]) -> Lessons:
    event = recorded.event
    match event:
        case DecisionMade() if event.arm is not None:
            pending = lessons.pending | {str(event.decision_id): event.arm}
            explored = (*lessons.explored, bool(event.explored))[-CHOICES_MAX:]
            return replace(
                lessons, pending=dict(list(pending.items())[-PENDING_MAX:]), explored=explored
            )
        case OutcomeRecorded():
            return _came(lessons, event)
        case OutcomeUnavailable():
            return replace(lessons, pending=without(lessons.pending, event.decision_id))
        case ArmTrained():
            trained = tuple(sorted({*lessons.trained, event.arm}))
            return replace(lessons, trained=trained, version=event.version)
        case _:
            return lessons


def _came(lessons: Lessons, event: OutcomeRecorded) -> Lessons:
    arm = lessons.pending.get(str(event.decision_id))
    lessons = replace(lessons, pending=without(lessons.pending, event.decision_id))
    if arm is None or event.simulated:
        return lessons
    pull = Pull(arm, event.likes + event.replies, event.er)
    return replace(lessons, pulls=(*lessons.pulls, pull)[-PULLS_MAX:])


learner = Handler(
    name="learner",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "lessons": Fold(state=Lessons, initial=Lessons(), key=whole_account, evolve=_evolve),
    },
    states=States,
    decide=decide,
    jobs=(Job.LEARN,),
)
