"""A whole row of the log, as stored, for an auditor who trusts no column."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID


class StoredRow(NamedTuple):
    """One row of the log; `salt` and `body` are None once erased."""

    account: str
    position: int
    event_id: UUID
    type: str
    version: int
    trace: UUID
    cause: int | None
    recorded_at: datetime
    actor: str
    permit: UUID | None
    spends: int | None
    spends_type: str | None
    posted_id: str | None
    text_hash: bytes | None
    target: str | None
    target_author: str | None
    expires_at: datetime | None
    salt: bytes | None
    body: bytes | None
    body_hash: bytes
    leaf: bytes
