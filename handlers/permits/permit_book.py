"""The permit book: who waits for a verdict, which approvals are unspent, each target's past."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from handlers import stops
from handlers.entries import without
from handlers.in_force import whole_account
from handlers.names import is_named
from schema.contracts import Fold, Recorded
from schema.events.base import Event, OfPermit
from schema.events.blocking import AuthorBlocked, AuthorUnblocked
from schema.events.legacy import LegacyPostImported
from schema.events.operations import PostingAllowed, PostingStopped
from schema.events.permitting import (
    PermitApproved,
    PermitCreated,
    PermitExpired,
    PermitRejected,
    PermitRevoked,
)
from schema.events.posting import ClickAttempt, ClickNotSent, ClickRejected
from schema.ids import EventId, PermitId


class Waiting(msgspec.Struct, frozen=True):
    """A created permit on which no verdict was given yet.

    `answered`: while it waited, an import said that its target had been answered before.
    """

    created: EventId
    permit: PermitCreated
    answered: bool = False


class Book(msgspec.Struct, frozen=True):
    """Permits without a verdict, unspent approvals (permit → author), a day's clicks, the stops.

    `blocked` are the authors whom a person blocked. `legacy` are a day's posts by an older system,
    by its decisions' ids; they count as clicks.
    """

    waiting: dict[str, Waiting] = {}
    unspent: dict[str, str | None] = {}
    clicks: tuple[tuple[datetime, str | None], ...] = ()
    stops: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    legacy: dict[str, tuple[datetime, str | None]] = {}


class Target(msgspec.Struct, frozen=True):
    """One post we may reply to: its live permit, and whether a click at it may have happened.

    `imported`: by an older system, whatever becomes of ours.
    """

    live: PermitId | None = None
    clicked: bool = False
    imported: bool = False


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
            return replace(book, unspent=unspent, waiting=without(book.waiting, event.permit_id))
        case PermitRejected() | PermitExpired() | PermitRevoked():
            return replace(
                book,
                waiting=without(book.waiting, event.permit_id),
                unspent=without(book.unspent, event.permit_id),
            )
        case ClickAttempt():
            day = recorded.at - timedelta(days=1)
            recent = tuple(click for click in book.clicks if click[0] > day)
            clicks = (*recent, (recorded.at, event.target_author))
            return replace(book, clicks=clicks, unspent=without(book.unspent, event.permit_id))
        case PostingStopped() | PostingAllowed():
            return replace(book, stops=stops.after(book.stops, event))
        case AuthorBlocked():
            return replace(book, blocked=tuple(sorted({*book.blocked, event.author})))
        case AuthorUnblocked():
            still = (name for name in book.blocked if not is_named(name, (event.author,)))
            return replace(book, blocked=tuple(still))
        case LegacyPostImported():
            return _before_us(_answered(book, event), event, recorded.at)
        case _:
            return book


def _answered(book: Book, event: LegacyPostImported) -> Book:
    """Note it at the permits that wait: their targets were looked at when they were created."""
    target = event.target_post_id
    late = {
        name: replace(waiting, answered=True)
        for name, waiting in book.waiting.items()
        if target is not None and waiting.permit.target_post_id == target
    }
    return replace(book, waiting=book.waiting | late) if late else book


def _before_us(book: Book, event: LegacyPostImported, now: datetime) -> Book:
    """Count an older system's post while it is younger than a day, once for all its rows."""
    day = now - timedelta(days=1)
    if event.posted_at <= day:
        return book
    recent = {name: post for name, post in book.legacy.items() if post[0] > day}
    name = event.decision_id or f"{event.table}:{event.key}"
    _, known_author = recent.get(name, (None, None))
    author = event.target_author or known_author
    return replace(book, legacy=recent | {name: (event.posted_at, author)})


def _target_key(event: Event) -> str | None:
    return event.target_post_id if isinstance(event, OfPermit | LegacyPostImported) else None


def _evolve_target(state: Target, recorded: Recorded[Any]) -> Target:
    event = recorded.event
    match event:
        case PermitCreated() if state.live is None:
            return replace(state, live=event.permit_id)
        case PermitRejected() | PermitExpired() | PermitRevoked():
            return replace(state, live=None) if state.live == event.permit_id else state
        case ClickAttempt():
            return replace(state, live=None, clicked=True)
        case LegacyPostImported():
            return replace(state, clicked=True, imported=True)
        case ClickNotSent() | ClickRejected():
            return replace(state, clicked=state.imported)
        case _:
            return state


by_account: Fold[Book] = Fold(state=Book, initial=Book(), key=whole_account, evolve=_evolve_book)
by_target: Fold[Target] = Fold(
    state=Target, initial=Target(), key=_target_key, evolve=_evolve_target
)
