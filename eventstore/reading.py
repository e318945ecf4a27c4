"""Reading the log: pages of events, decoded in two calls a page whatever its length."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from eventstore.connection import Connection
from eventstore.statements import page_of
from schema.catalogue import EVENT_TYPES, VERSIONS
from schema.contracts import Page, Recorded
from schema.errors import MalformedEvent, NoSuchAccount
from schema.events.base import Event
from schema.ids import Account, EventId, Trace
from schema.landmarks import LANDMARKS
from schema.wire import decode, decode_page

ERASED = b"null"


class Erased(Event, frozen=True, kw_only=True):
    """What is left of an event whose body was erased: its place, type and hashes."""


class Line(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One event as `page_of.sql` writes it; the body is not looked at yet."""

    position: int
    event_id: UUID
    trace: UUID
    at: datetime
    type: str
    cause: int | None
    actor: str
    version: int
    spends: int | None
    expires_at: datetime | None
    body: msgspec.Raw


_lines = msgspec.json.Decoder(list[Line])


async def read_page(connection: Connection, query: str, asked: dict[str, Any]) -> Page:
    """Run one of the `read_*.sql` queries.

    Raises:
        NoSuchAccount: there is no such log.
        UnknownEvent: an event of a type or version that this build does not know.
    """
    cursor = await connection.execute(page_of(query), asked)
    found = await cursor.fetchone()
    if found is None:
        raise no_account(asked["account"])
    size, text = found
    events = decode_lines(asked["account"], text) if text else []
    full = len(events) >= asked.get("limit", 1)
    return Page(events, events[-1].position if full and events else size - 1)


def page_query(types: Sequence[str] | None) -> str:
    """Return the query that reads events of these types; landmarks have an index of their own."""
    return "read_landmarks" if types and LANDMARKS.issuperset(types) else "read_page"


def decode_lines(account: Account, text: str) -> list[Recorded[Any]]:
    """Decode the JSON array that a page arrives as."""
    lines = _lines.decode(text)
    return [
        _recorded(account, line, event) for line, event in zip(lines, _bodies(lines), strict=True)
    ]


def no_account(account: Account) -> NoSuchAccount:
    """Say that there is no such log."""
    return NoSuchAccount(f"no account {account!r}", remedy="`ghostproof where` lists the accounts")


def _bodies(lines: list[Line]) -> list[Event]:
    bodies = [bytes(line.body) for line in lines]
    if ERASED not in bodies and all(VERSIONS.get(line.type) == line.version for line in lines):
        events = decode_page(b"[" + b",".join(bodies) + b"]")
        for line, event in zip(lines, events, strict=True):
            if type(event) is not EVENT_TYPES[line.type]:
                message = f"body says {type(event).__name__}, the log says {line.type}"
                raise MalformedEvent(message, remedy="run `ghostproof audit`")
        return events
    return [_body(line, body) for line, body in zip(lines, bodies, strict=True)]


def _body(line: Line, body: bytes) -> Event:
    return Erased() if body == ERASED else decode(line.type, line.version, body)


def _recorded(account: Account, line: Line, event: Event) -> Recorded[Any]:
    return Recorded(
        account,
        line.position,
        EventId(line.event_id),
        Trace(line.trace),
        line.at,
        event,
        line.type,
        line.cause,
        line.actor,
        line.version,
        line.spends,
        line.expires_at,
    )
