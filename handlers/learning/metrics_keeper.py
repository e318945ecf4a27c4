"""Metrics keeper: hours after a post, its numbers are ordered, and asked for again if need be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.entries import without
from handlers.in_force import rules_in_force, whole_account
from schema.contracts import Fold, Handler, Recorded
from schema.events.base import OfPermit, permit_ids
from schema.events.learning import (
    MetricsOrdered,
    MetricsPassClosed,
    MetricsReadFailed,
    OutcomeRecorded,
    OutcomeUnavailable,
    UnavailableReason,
)
from schema.events.operations import Job, JobDue, SettingsChanged
from schema.events.posting import LateConfirmed, PostingSuccess
from schema.rules import LearnRules, Rules

Hears = (
    SettingsChanged
    | JobDue
    | PostingSuccess
    | LateConfirmed
    | MetricsReadFailed
    | OutcomeRecorded
    | OutcomeUnavailable
)
Says = MetricsOrdered | MetricsPassClosed | OutcomeUnavailable

AGAIN_AFTER = timedelta(hours=1)
"""How long an order may go without an answer, and how long a site that failed is left alone."""


class Unread(msgspec.Struct, frozen=True):
    """A post whose numbers are not known yet; `order` is what asks for them."""

    order: MetricsOrdered
    since: datetime
    tries: int = 0
    tried_at: datetime | None = None
    failed: str = ""


class Posts(msgspec.Struct, frozen=True):
    """Unread posts by permit."""

    unread: dict[str, Unread] = {}


class States(msgspec.Struct, frozen=True):
    """What the metrics keeper remembers."""

    rules: Rules
    posts: Posts


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Order what is old enough; give up on what could not be read for too often."""
    match recorded.event:
        case JobDue(job=Job.METRICS) if states.rules.learn.real_metrics:
            return _pass(states.posts, states.rules.learn, recorded.at)
        case (
            SettingsChanged()
            | JobDue()
            | PostingSuccess()
            | LateConfirmed()
            | MetricsReadFailed()
            | OutcomeRecorded()
            | OutcomeUnavailable()
        ):
            return []


def _pass(posts: Posts, rules: LearnRules, now: datetime) -> list[Says]:
    found = [one for one in posts.unread.values() if _is_due(one, rules, now)]
    if not found:
        return []
    chosen = sorted(found, key=lambda one: (one.since, one.order.posted_id))[: rules.per_pass]
    ordered = [one for one in chosen if one.tries < rules.tries_max]
    return [
        *(_unreadable(one) for one in chosen if one.tries >= rules.tries_max),
        *(replace(one.order, tries=one.tries + 1) for one in ordered),
        MetricsPassClosed(found=len(found), ordered=len(ordered)),
    ]


def _is_due(one: Unread, rules: LearnRules, now: datetime) -> bool:
    if one.tried_at is not None:
        return now - one.tried_at >= AGAIN_AFTER
    return now - one.since >= timedelta(seconds=rules.metrics_after_s)


def _unreadable(one: Unread) -> OutcomeUnavailable:
    return OutcomeUnavailable(
        **permit_ids(one.order),
        posted_id=one.order.posted_id,
        reason=UnavailableReason.UNREADABLE,
        detail=one.failed or "no answer",
    )


def _evolve(posts: Posts, recorded: Recorded[Any]) -> Posts:
    event = recorded.event
    match event:
        case PostingSuccess() | LateConfirmed():
            order = MetricsOrdered(**permit_ids(event), posted_id=event.posted_id)
            return Posts(unread=posts.unread | {str(event.permit_id): Unread(order, recorded.at)})
        case MetricsOrdered():
            return _change(posts, event, tries=event.tries, tried_at=recorded.at)
        case MetricsReadFailed():
            return _change(posts, event, failed=event.reason)
        case OutcomeRecorded() | OutcomeUnavailable():
            return Posts(unread=without(posts.unread, event.permit_id))
        case _:
            return posts


def _change(posts: Posts, event: OfPermit, **fields: Any) -> Posts:
    one = posts.unread.get(str(event.permit_id))
    if one is None:
        return posts
    return Posts(unread=posts.unread | {str(event.permit_id): replace(one, **fields)})


metrics_keeper = Handler(
    name="metrics_keeper",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "posts": Fold(state=Posts, initial=Posts(), key=whole_account, evolve=_evolve),
    },
    states=States,
    decide=decide,
    jobs=(Job.METRICS,),
)
