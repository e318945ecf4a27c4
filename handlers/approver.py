"""Approver: a created permit is approved or refused by five checks, in this order.

Runs on the approver's connection: the application's own role cannot approve. The smallest gap
between clicks is no reason to refuse here; posting waits for it and PostgreSQL insists on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.in_force import rules_in_force, whole_account
from schema.contracts import Fold, Handler, Recorded
from schema.events.base import Event, OfPermit, permit_ids
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
    ReasonCode,
)
from schema.events.posting import ClickAttempt, ClickNotSent, ClickRejected
from schema.events.scheduling import DecisionType
from schema.ids import EventId, PermitId
from schema.rules import PermitRules, Rules

Hears = (
    SettingsChanged
    | JobDue
    | PostingStopped
    | PostingAllowed
    | PermitCreated
    | PermitExpired
    | PermitRevoked
    | ClickAttempt
    | ClickNotSent
    | ClickRejected
)
Says = PermitApproved | PermitRejected

AUTO = "auto"


class Waiting(msgspec.Struct, frozen=True):
    """A created permit on which no verdict was given yet."""

    created: EventId
    permit: PermitCreated


class Book(msgspec.Struct, frozen=True):
    """Permits without a verdict, unspent approvals (permit → author), a day's clicks, stops."""

    waiting: dict[str, Waiting] = {}
    unspent: dict[str, str | None] = {}
    clicks: tuple[tuple[datetime, str | None], ...] = ()
    stops: tuple[str, ...] = ()


class Target(msgspec.Struct, frozen=True):
    """One post we may reply to: its live permit, and whether a click at it may have happened."""

    live: PermitId | None = None
    clicked: bool = False


class States(msgspec.Struct, frozen=True):
    """What the approver remembers."""

    rules: Rules
    book: Book
    target: Target


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Give a verdict on each created permit, at once or when posting is allowed again."""
    event = recorded.event
    match event:
        case PermitCreated():
            return _first_look(states, event, recorded)
        case JobDue(job=Job.POST):
            return _later_look(states, recorded.at)
        case (
            SettingsChanged()
            | JobDue()
            | PostingStopped()
            | PostingAllowed()
            | PermitExpired()
            | PermitRevoked()
            | ClickAttempt()
            | ClickNotSent()
            | ClickRejected()
        ):
            return []


def _first_look(states: States, event: PermitCreated, recorded: Recorded[Hears]) -> list[Says]:
    waiting = Waiting(recorded.event_id, event)
    refused = permanent_refusal(states, event)
    if refused is not None:
        return [_rejected(waiting, *refused, states.rules.permit)]
    if states.rules.permit.approval != AUTO or states.book.stops:
        return []
    return [_verdict(states, states.book, waiting, recorded.at)]


def _later_look(states: States, now: datetime) -> list[Says]:
    if states.rules.permit.approval != AUTO or states.book.stops:
        return []
    said: list[Says] = []
    book = states.book
    for waiting in states.book.waiting.values():
        said.append(_verdict(states, book, waiting, now))
        if isinstance(said[-1], PermitApproved):
            permit = waiting.permit
            unspent = book.unspent | {str(permit.permit_id): permit.target_author}
            book = replace(book, unspent=unspent)
    return said


def permanent_refusal(states: States, permit: PermitCreated) -> tuple[ReasonCode, str] | None:
    """Make checks 1 to 3: what no waiting will mend."""
    rules = states.rules.permit
    is_reply = permit.decision_type is DecisionType.REPLY
    allowed = rules.reply_sources if is_reply else rules.original_sources
    if permit.pipeline_source not in allowed:
        listed = ",".join(allowed)
        message = f"invalid_pipeline_source: source={permit.pipeline_source} allowed={listed}"
        return ReasonCode.INVALID_PIPELINE_SOURCE, message
    if not is_reply:
        return None
    if not permit.target_is_root or permit.target_in_reply_to:
        message = f"target_not_root: in_reply_to={permit.target_in_reply_to}"
        return ReasonCode.TARGET_NOT_ROOT, message
    if permit.target_author == states.rules.handle:
        return ReasonCode.TARGET_IS_OWN_POST, f"target_is_own_post: author={permit.target_author}"
    if states.target.clicked or states.target.live is not None:
        message = f"target_already_replied: target={permit.target_post_id}"
        return ReasonCode.TARGET_ALREADY_REPLIED, message
    if permit.target_author in states.rules.evaluate.blocked_authors:
        return ReasonCode.AUTHOR_BLOCKED, f"author_blocked: author={permit.target_author}"
    return None


def _verdict(states: States, book: Book, waiting: Waiting, now: datetime) -> Says:
    rules = states.rules.permit
    limited = rate_refusal(book, rules, waiting.permit.target_author, now)
    if limited is not None:
        return _rejected(waiting, ReasonCode.RATE_LIMITED, limited, rules)
    if not rules.rules_signed:
        message = "rules_not_signed: the site profile's rules block is not signed"
        return _rejected(waiting, ReasonCode.RULES_NOT_SIGNED, message, rules)
    return PermitApproved(
        **permit_ids(waiting.permit),
        spends=waiting.created,
        ttl_s=rules.ttl_s,
        approved_by="approver",
    )


def rate_refusal(book: Book, rules: PermitRules, author: str | None, now: datetime) -> str | None:
    """Check 4: clicks made plus approvals not yet spent, against the caps."""
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    unspent = len(book.unspent)
    in_hour = sum(at > hour for at, _ in book.clicks) + unspent
    in_day = sum(at > day for at, _ in book.clicks) + unspent
    at_author = sum(at > day and who == author for at, who in book.clicks)
    at_author += sum(who == author for who in book.unspent.values())
    if in_hour >= rules.per_hour:
        return f"rate_limited: {in_hour} of {rules.per_hour} an hour"
    if in_day >= rules.per_day:
        return f"rate_limited: {in_day} of {rules.per_day} a day"
    if author is not None and at_author >= rules.per_author_per_day:
        return f"rate_limited: {at_author} of {rules.per_author_per_day} a day to {author}"
    return None


def _rejected(
    waiting: Waiting, code: ReasonCode, message: str, rules: PermitRules
) -> PermitRejected:
    is_reply = waiting.permit.decision_type is DecisionType.REPLY
    return PermitRejected(
        **permit_ids(waiting.permit),
        spends=waiting.created,
        reason_code=code,
        error_message=message,
        pipeline_source=waiting.permit.pipeline_source,
        allowed_sources=rules.reply_sources if is_reply else rules.original_sources,
    )


def _evolve_book(book: Book, recorded: Recorded[Any]) -> Book:
    event = recorded.event
    match event:
        case PermitCreated():
            entry = {str(event.permit_id): Waiting(recorded.event_id, event)}
            return replace(book, waiting=book.waiting | entry)
        case PermitApproved():
            waiting = book.waiting.get(str(event.permit_id))
            author = waiting.permit.target_author if waiting else None
            unspent = book.unspent | {str(event.permit_id): author}
            return replace(book, unspent=unspent, waiting=_without(book.waiting, event))
        case PermitRejected() | PermitExpired() | PermitRevoked():
            return replace(
                book,
                waiting=_without(book.waiting, event),
                unspent=_without(book.unspent, event),
            )
        case ClickAttempt():
            day = recorded.at - timedelta(days=1)
            recent = tuple(click for click in book.clicks if click[0] > day)
            clicks = (*recent, (recorded.at, event.target_author))
            return replace(book, clicks=clicks, unspent=_without(book.unspent, event))
        case PostingStopped():
            return replace(book, stops=tuple(sorted({*book.stops, str(event.source)})))
        case PostingAllowed():
            return replace(book, stops=tuple(s for s in book.stops if s != event.source))
        case _:
            return book


def _without(entries: dict[str, Any], event: OfPermit) -> dict[str, Any]:
    return {name: value for name, value in entries.items() if name != str(event.permit_id)}


def _target_key(event: Event) -> str | None:
    return event.target_post_id if isinstance(event, OfPermit) else None


def _evolve_target(state: Target, recorded: Recorded[Any]) -> Target:
    event = recorded.event
    match event:
        case PermitCreated() if state.live is None:
            return replace(state, live=event.permit_id)
        case PermitRejected() | PermitExpired() | PermitRevoked():
            return replace(state, live=None) if state.live == event.permit_id else state
        case ClickAttempt():
            return Target(live=None, clicked=True)
        case ClickNotSent() | ClickRejected():
            return replace(state, clicked=False)
        case _:
            return state


approver = Handler(
    name="approver",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "book": Fold(state=Book, initial=Book(), key=whole_account, evolve=_evolve_book),
        "target": Fold(state=Target, initial=Target(), key=_target_key, evolve=_evolve_target),
    },
    states=States,
    decide=decide,
    approver=True,
)
