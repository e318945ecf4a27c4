"""Queue keeper: a judged candidate waits for a slot, once, until it expires."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec

from handlers.blocklist import Author, by_author
from handlers.in_force import rules_in_force
from handlers.names import is_named
from handlers.queueing.queue_items import Item, Live, Once, by_candidate, live_items
from schema.contracts import Handler, Recorded
from schema.events.base import OfPermit
from schema.events.blocking import AuthorBlocked, AuthorUnblocked
from schema.events.drafting import DraftRejected
from schema.events.judging import CandidateEvaluated, CandidateRejected, Verdict
from schema.events.legacy import LegacyPostImported
from schema.events.operations import Job, JobDue, SettingsChanged
from schema.events.permitting import PermitRejected, ReasonCode
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickNotSent,
    ClickRejected,
    ClickWithheld,
    OutcomeAbandoned,
    PostingSuccess,
)
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.events.scheduling import DecisionMade
from schema.ids import QueueId, derive
from schema.rules import Rules

Hears = (
    SettingsChanged
    | JobDue
    | AuthorBlocked
    | AuthorUnblocked
    | LegacyPostImported
    | CandidateEvaluated
    | CandidateSelected
    | DecisionMade
    | PermitRejected
    | DraftRejected
    | ClickAttempt
    | PostingSuccess
    | ClickBlocked
    | ClickWithheld
    | ClickNotSent
    | ClickRejected
    | OutcomeAbandoned
)
Ending = ClickBlocked | ClickWithheld | ClickNotSent | ClickRejected | OutcomeAbandoned
Says = CandidateQueued | CandidateReleased | CandidateExpired | CandidateRejected

RELEASING = frozenset({ReasonCode.RATE_LIMITED, ReasonCode.RULES_NOT_SIGNED})
"""Refusals that say nothing about the candidate: its item waits again."""


class States(msgspec.Struct, frozen=True):
    """What the queue keeper remembers."""

    rules: Rules
    live: Live
    once: Once
    author: Author


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Queue what passed; release, expire or reject what is over."""
    event = recorded.event
    match event:
        case CandidateEvaluated(verdict=Verdict.PASS):
            return [] if states.once.queued else [_passed(states, event, recorded)]
        case AuthorBlocked():
            return _of_author(states.live, event.author)
        case LegacyPostImported():
            return _of_post(states.live, event.target_post_id)
        case JobDue(job=Job.WATCHDOG | Job.POST):
            return _sweep(states, recorded.at)
        case PermitRejected():
            if event.reason_code in RELEASING:
                return [_released(item, event.reason_code) for item in _held(states, event)]
            return [_rejected(item, event.reason_code) for item in _held(states, event)]
        case DraftRejected(final=True):
            return [
                _rejected(item, f"draft_{event.gate or 'failed'}") for item in _held(states, event)
            ]
        case (
            ClickBlocked() | ClickWithheld() | ClickNotSent() | ClickRejected() | OutcomeAbandoned()
        ):
            return [_rejected(item, _ending(event)) for item in _held(states, event)]
        case (
            SettingsChanged()
            | JobDue()
            | AuthorUnblocked()
            | CandidateEvaluated()
            | CandidateSelected()
            | DecisionMade()
            | DraftRejected()
            | ClickAttempt()
            | PostingSuccess()
        ):
            return []


def _passed(states: States, event: CandidateEvaluated, recorded: Recorded[Hears]) -> Says:
    """Queue it, unless its author was blocked while it was being judged."""
    if not states.author.blocked:
        return _queued(states.rules, event, recorded)
    return CandidateRejected(
        candidate_id=event.candidate_id,
        evaluation_id=event.evaluation_id,
        reason=str(ReasonCode.AUTHOR_BLOCKED),
    )


def _of_author(live: Live, author: str) -> list[Says]:
    """Reject what waits for this author; the warden takes back permits of such items."""
    return [
        _rejected(item, ReasonCode.AUTHOR_BLOCKED)
        for item in live.items.values()
        if is_named(item.author, (author,)) and not item.attempted
    ]


def _of_post(live: Live, post_id: str | None) -> list[Says]:
    """Reject what waits to answer this post, for an older system has; permits follow as above."""
    return [
        _rejected(item, ReasonCode.TARGET_ALREADY_REPLIED)
        for item in live.items.values()
        if item.post_id == post_id and not item.attempted
    ]


def _queued(rules: Rules, event: CandidateEvaluated, recorded: Recorded[Hears]) -> CandidateQueued:
    assert event.tier is not None, "a candidate that passed was judged"
    return CandidateQueued(
        candidate_id=event.candidate_id,
        evaluation_id=event.evaluation_id,
        queue_id=QueueId(derive(recorded.event_id, "queue")),
        tier=event.tier,
        score=event.overall_score or 0.0,
        source=event.source,
        post=event.post,
        expires_at=recorded.at + timedelta(hours=rules.queue.expires_h),
    )


def _sweep(states: States, now: datetime) -> list[Says]:
    stuck_after = timedelta(seconds=states.rules.queue.stuck_after_s)
    said: list[Says] = []
    for item in states.live.items.values():
        if item.expires_at <= now and not item.attempted:
            said.append(CandidateExpired(**_ids(item)))
        elif item.selected_at and not item.decided and now - item.selected_at >= stuck_after:
            said.append(_released(item, "selected without a decision"))
    return said


def _held(states: States, event: OfPermit) -> list[Item]:
    item = states.live.items.get(str(event.queue_id))
    return [] if item is None else [item]


def _released(item: Item, reason: str) -> CandidateReleased:
    return CandidateReleased(**_ids(item), reason=str(reason))


def _rejected(item: Item, reason: str) -> CandidateRejected:
    return CandidateRejected(**_ids(item), reason=str(reason))


def _ending(event: Ending) -> str:
    match event:
        case ClickBlocked():
            return f"click_blocked_{event.code}"
        case ClickWithheld():
            return f"click_withheld_{event.mode}"
        case ClickNotSent():
            return f"click_not_sent_{event.reason}"
        case ClickRejected():
            return f"refused_by_site_{event.code}"
        case OutcomeAbandoned():
            return "outcome_abandoned"


def _ids(item: Item) -> dict[str, Any]:
    return {
        "candidate_id": item.candidate_id,
        "evaluation_id": item.evaluation_id,
        "queue_id": item.queue_id,
    }


queue_keeper = Handler(
    name="queue_keeper",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "live": live_items,
        "once": by_candidate,
        "author": by_author,
    },
    states=States,
    decide=decide,
    jobs=(Job.WATCHDOG, Job.POST),
)
