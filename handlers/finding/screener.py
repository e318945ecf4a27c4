"""Screener: a found candidate passes the filters and the judge, or is rejected with a reason.

One that was asked about again has its verdict anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.blocklist import Author, by_author
from handlers.finding.answered import Answered, by_post
from handlers.finding.filters import refusal
from handlers.in_force import rules_in_force
from schema.contracts import Fold, Handler, Recorded
from schema.events.base import Event, OfCandidate
from schema.events.blocking import AuthorBlocked, AuthorUnblocked
from schema.events.fetching import CandidateFound
from schema.events.judging import (
    CandidateEvaluated,
    CandidateJudged,
    CandidateRejected,
    JudgementFailed,
    JudgementRequested,
    Verdict,
)
from schema.events.legacy import LegacyPostImported
from schema.events.operations import SettingsChanged
from schema.ids import EvaluationId, derive
from schema.posts import Post, Source
from schema.rules import EvaluateRules, Rules

Hears = (
    SettingsChanged
    | AuthorBlocked
    | AuthorUnblocked
    | LegacyPostImported
    | CandidateFound
    | JudgementRequested
    | CandidateJudged
    | JudgementFailed
)
Says = JudgementRequested | CandidateEvaluated | CandidateRejected


class Candidate(msgspec.Struct, frozen=True):
    """What is known of one candidate; `post` is None before it was found."""

    post: Post | None = None
    source: Source | None = None
    judged: bool = False


class States(msgspec.Struct, frozen=True):
    """What the screener remembers."""

    rules: Rules
    candidate: Candidate
    author: Author
    answered: Answered


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Filter, ask the judge, and turn its answer into a verdict."""
    event = recorded.event
    match event:
        case CandidateFound():
            return _screen(states, event, recorded)
        case CandidateJudged():
            return _verdict(states, event, recorded.at)
        case JudgementFailed():
            return _unjudged(states, event)
        case (
            SettingsChanged()
            | AuthorBlocked()
            | AuthorUnblocked()
            | LegacyPostImported()
            | JudgementRequested()
        ):
            return []


def _screen(states: States, event: CandidateFound, recorded: Recorded[Hears]) -> list[Says]:
    if states.candidate.post is not None:
        return []
    evaluation_id = EvaluationId(derive(recorded.event_id, "evaluation"))
    reason = refusal(event.post, states.rules, recorded.at) or _by_history(states)
    if reason is None:
        return [
            JudgementRequested(
                candidate_id=event.candidate_id, evaluation_id=evaluation_id, post=event.post
            )
        ]
    evaluated = CandidateEvaluated(
        candidate_id=event.candidate_id,
        evaluation_id=evaluation_id,
        verdict=Verdict.REJECT,
        passed_hard_filters=False,
        reason=reason,
        source=event.source,
        post=event.post,
    )
    return [evaluated, _rejected(evaluated)]


def _by_history(states: States) -> str | None:
    """Return what a person or an older system's history has against the post, or None."""
    if states.author.blocked:
        return "author_blocked"
    return "already_replied" if states.answered.before else None


def _verdict(states: States, event: CandidateJudged, now: datetime) -> list[Says]:
    candidate = states.candidate
    if candidate.post is None or candidate.source is None or candidate.judged:
        return []
    outgrown = refusal(candidate.post, states.rules, now)  # the judge may have come late
    reason = outgrown or judged_reason(event, states.rules.evaluate)
    evaluated = CandidateEvaluated(
        candidate_id=event.candidate_id,
        evaluation_id=event.evaluation_id,
        verdict=Verdict.REJECT if reason else Verdict.PASS,
        passed_hard_filters=outgrown is None,
        reason=reason or "passed",
        source=candidate.source,
        post=candidate.post,
        tier=event.tier,
        overall_score=overall_score(event),
        ai_judge_decision=event.why,
    )
    return [evaluated] if reason is None else [evaluated, _rejected(evaluated)]


def judged_reason(event: CandidateJudged, wanted: EvaluateRules) -> str | None:
    """Return why the judge's scores do not suffice, or None."""
    if event.risk > wanted.risk_max:
        return "too_risky"
    if event.relevance < wanted.relevance_min:
        return "not_relevant"
    if event.reply_worthiness < wanted.worthiness_min:
        return "not_worth_a_reply"
    return None


def overall_score(event: CandidateJudged) -> float:
    """Weigh the judge's scores into one between 0 and 1; risk counts against."""
    mean = (event.relevance + event.reply_worthiness) / 2
    return round(mean * (1 - event.risk / 2), 4)


def _unjudged(states: States, event: JudgementFailed) -> list[Says]:
    candidate = states.candidate
    if candidate.post is None or candidate.source is None or candidate.judged:
        return []
    evaluated = CandidateEvaluated(
        candidate_id=event.candidate_id,
        evaluation_id=event.evaluation_id,
        verdict=Verdict.REJECT,
        passed_hard_filters=True,
        reason=f"judge_{event.outcome}",
        source=candidate.source,
        post=candidate.post,
    )
    return [evaluated, _rejected(evaluated)]


def _rejected(evaluated: CandidateEvaluated) -> CandidateRejected:
    return CandidateRejected(
        candidate_id=evaluated.candidate_id,
        evaluation_id=evaluated.evaluation_id,
        reason=evaluated.reason,
    )


def _key(event: Event) -> str | None:
    return str(event.candidate_id) if isinstance(event, OfCandidate) else None


def _evolve(state: Candidate, recorded: Recorded[Any]) -> Candidate:
    event = recorded.event
    match event:
        case CandidateFound() if state.post is None:
            return Candidate(post=event.post, source=event.source)
        case CandidateEvaluated():
            return replace(state, judged=True)
        case JudgementRequested():
            return replace(state, judged=False)
        case _:
            return state


candidate: Fold[Candidate] = Fold(state=Candidate, initial=Candidate(), key=_key, evolve=_evolve)

screener = Handler(
    name="screener",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "candidate": candidate,
        "author": by_author,
        "answered": by_post,
    },
    states=States,
    decide=decide,
)
