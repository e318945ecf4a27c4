"""Approver: a created permit is approved or refused by five checks, in this order.

Runs on the approver's connection: the application's own role cannot approve. The smallest gap
between clicks is no reason to refuse here; posting waits for it and PostgreSQL insists on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

import msgspec
from msgspec.structs import replace

from handlers.in_force import rules_in_force
from handlers.permits.permit_book import Book, Target, Waiting, by_account, by_target
from handlers.permits.permit_checks import permanent_refusal, rate_refusal, sources_allowed
from schema.contracts import Handler, Recorded
from schema.events.base import permit_ids
from schema.events.blocking import AuthorBlocked, AuthorUnblocked
from schema.events.legacy import LegacyPostImported
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
from schema.rules import PermitRules, Rules

Hears = (
    SettingsChanged
    | JobDue
    | PostingStopped
    | PostingAllowed
    | AuthorBlocked
    | AuthorUnblocked
    | LegacyPostImported
    | PermitCreated
    | PermitExpired
    | PermitRevoked
    | ClickAttempt
    | ClickNotSent
    | ClickRejected
)
Says = PermitApproved | PermitRejected

AUTO = "auto"


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
            | AuthorBlocked()
            | AuthorUnblocked()
            | LegacyPostImported()
            | PermitExpired()
            | PermitRevoked()
            | ClickAttempt()
            | ClickNotSent()
            | ClickRejected()
        ):
            return []


def _first_look(states: States, event: PermitCreated, recorded: Recorded[Hears]) -> list[Says]:
    waiting = Waiting(recorded.event_id, event)
    refused = permanent_refusal(states.rules, states.book, states.target, event)
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


def _verdict(states: States, book: Book, waiting: Waiting, now: datetime) -> Says:
    rules = states.rules.permit
    # the rules may have changed while it waited; else its target was looked at when it was created
    target = Target(clicked=waiting.answered)
    refused = permanent_refusal(states.rules, book, target, waiting.permit)
    if refused is not None:
        return _rejected(waiting, *refused, rules)
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


def _rejected(
    waiting: Waiting, code: ReasonCode, message: str, rules: PermitRules
) -> PermitRejected:
    return PermitRejected(
        **permit_ids(waiting.permit),
        spends=waiting.created,
        reason_code=code,
        error_message=message,
        pipeline_source=waiting.permit.pipeline_source,
        allowed_sources=sources_allowed(rules, waiting.permit),
    )


approver = Handler(
    name="approver",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "book": by_account,
        "target": by_target,
    },
    states=States,
    decide=decide,
    jobs=(Job.POST,),
    approver=True,
)
