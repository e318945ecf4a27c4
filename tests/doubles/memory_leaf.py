"""The leaf that an event in memory would have in PostgreSQL, were its salt all zeros."""

from __future__ import annotations

from typing import Any

from schema.contracts import Recorded
from schema.law import law_columns
from schema.leaf import Header, body_hash_of, leaf_of
from tests.doubles.memory_log import MemoryLog

SALT = bytes(32)


def memory_leaf(row: Recorded[Any], log: MemoryLog) -> bytes:
    """Hash the row as the log would."""
    law = law_columns(row.event)
    header = Header(
        account=row.account,
        position=row.position,
        event_id=row.event_id,
        type=row.type,
        version=row.version,
        trace=row.trace,
        cause=row.cause,
        recorded_at=row.at,
        actor=row.actor,
        permit=law.permit,
        spends=row.spends,
        spends_type=None if row.spends is None else log.rows[row.spends].type,
        posted_id=law.posted_id,
        text_hash=law.text_hash,
        target=law.target,
        target_author=law.target_author,
        expires_at=row.expires_at,
        body_hash=body_hash_of(SALT, log.bodies[row.position]),
    )
    return leaf_of(header)
