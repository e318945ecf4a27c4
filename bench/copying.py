"""Many events into a log at once, with times of their own: rows as the append function makes them.

COPY goes around that function, but not around the log's constraints: leaves, hashes, positions and
the law are checked by PostgreSQL row by row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import psycopg

from schema.catalogue import type_of
from schema.events.base import Event
from schema.events.permitting import PermitApproved
from schema.law import LEGAL_MOVES, law_columns
from schema.leaf import Header, body_hash_of, leaf_of
from schema.wire import encode

COLUMNS = {
    "account": "text",
    "position": "int8",
    "event_id": "uuid",
    "type": "text",
    "version": "int4",
    "trace": "uuid",
    "recorded_at": "timestamptz",
    "actor": "text",
    "permit": "uuid",
    "spends": "int8",
    "spends_type": "text",
    "posted_id": "text",
    "text_hash": "bytea",
    "target": "text",
    "target_author": "text",
    "expires_at": "timestamptz",
    "salt": "bytea",
    "body": "bytea",
    "body_hash": "bytea",
    "leaf": "bytea",
}
BATCH = 20_000
SALT = bytes(32)
COPY = f"copy gp.log ({', '.join(COLUMNS)}) from stdin with (format binary)"


def copy(
    connection: psycopg.Connection[Any], account: str, told: Iterable[tuple[datetime, Event]]
) -> int:
    """Write the events as the account's whole log, and its head; returns how many."""
    connection.execute("set role gp_owner")
    connection.execute("insert into gp.head (account) values (%s)", [account])
    rows, size, last = _rows(account, told), 0, None
    while batch := list(islice(rows, BATCH)):
        with connection.cursor().copy(COPY.encode()) as copying:
            copying.set_types(list(COLUMNS.values()))
            for row in batch:
                copying.write_row(row)
        size, last = size + len(batch), batch[-1][6]
    change = "update gp.head set size = %s, last_at = %s where account = %s"
    connection.execute(change, [size, last, account])
    connection.execute("reset role")
    return size


def _rows(account: str, told: Iterable[tuple[datetime, Event]]) -> Iterator[tuple[Any, ...]]:
    unspent: dict[UUID, tuple[int, str]] = {}
    for position, (at, event) in enumerate(told):
        header, body = _header(account, position, at, event, unspent)
        columns = [getattr(header, name, None) for name in COLUMNS]
        columns[-4:] = [SALT, body, header.body_hash, leaf_of(header)]
        yield tuple(columns)


def _header(
    account: str, position: int, at: datetime, event: Event, unspent: dict[UUID, tuple[int, str]]
) -> tuple[Header, bytes]:
    """Make the row's header; `unspent` knows what each permit's next move spends."""
    name, law, body = type_of(event), law_columns(event), encode(event)
    spends, spends_type = (
        unspent[law.permit] if name in LEGAL_MOVES and law.permit else (None, None)
    )
    if law.permit and (name in LEGAL_MOVES or name == "permit_created"):
        unspent[law.permit] = position, name
    event_id = UUID(int=(position << 64) + 1)
    ends = at + timedelta(seconds=event.ttl_s) if isinstance(event, PermitApproved) else None
    return Header(
        account=account,
        position=position,
        event_id=event_id,
        type=name,
        version=1,
        trace=event.chain() or event_id,
        cause=None,
        recorded_at=at,
        actor="bench",
        permit=law.permit,
        spends=spends,
        spends_type=spends_type,
        posted_id=law.posted_id,
        text_hash=law.text_hash,
        target=law.target,
        target_author=law.target_author,
        expires_at=ends,
        body_hash=body_hash_of(SALT, body),
    ), body
