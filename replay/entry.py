"""One event as the checks see it: the log's columns, and the body where it can be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from eventstore.auditing import StoredRow
from schema.catalogue import VERSIONS, type_of
from schema.contracts import Recorded
from schema.errors import GhostproofError
from schema.law import law_columns
from schema.wire import decode


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log. `event` is None when erased or unreadable; `row` only from a database."""

    account: str
    position: int
    event_id: UUID
    type: str
    version: int
    trace: UUID
    at: datetime
    cause: int | None
    actor: str
    permit: UUID | None
    spends: int | None
    posted_id: str | None
    text_hash: bytes | None
    target: str | None
    target_author: str | None
    expires_at: datetime | None
    event: Any = None
    unreadable: str = ""
    row: StoredRow | None = None


def entry_of(recorded: Recorded[Any]) -> Entry:
    """Make an entry of an event that was already decoded."""
    law = law_columns(recorded.event)
    ttl = None if law.ttl_s is None else recorded.at + timedelta(seconds=law.ttl_s)
    type_name = recorded.type or type_of(recorded.event)
    return Entry(
        account=recorded.account,
        position=recorded.position,
        event_id=recorded.event_id,
        type=type_name,
        version=VERSIONS[type_name],  # a decoded event is of today's version
        trace=recorded.trace,
        at=recorded.at,
        cause=recorded.cause,
        actor=recorded.actor,
        permit=law.permit,
        spends=recorded.spends,
        posted_id=law.posted_id,
        text_hash=law.text_hash,
        target=law.target,
        target_author=law.target_author,
        expires_at=recorded.expires_at or ttl,
        event=recorded.event,
    )


def entry_of_row(row: StoredRow) -> Entry:
    """Make an entry of a stored row; a body that does not decode is said, not raised."""
    event, unreadable = _read(row)
    return Entry(
        account=row.account,
        position=row.position,
        event_id=row.event_id,
        type=row.type,
        version=row.version,
        trace=row.trace,
        at=row.recorded_at,
        cause=row.cause,
        actor=row.actor,
        permit=row.permit,
        spends=row.spends,
        posted_id=row.posted_id,
        text_hash=row.text_hash,
        target=row.target,
        target_author=row.target_author,
        expires_at=row.expires_at,
        event=event,
        unreadable=unreadable,
        row=row,
    )


def _read(row: StoredRow) -> tuple[Any, str]:
    if row.body is None:
        return None, ""
    try:
        return decode(row.type, row.version, bytes(row.body)), ""
    except GhostproofError as error:
        return None, error.message
