"""Exports of an older system, small ones, and what is read from them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edge.legacy.checking import check, events_in
from edge.legacy.events import Importing
from edge.legacy.tables import table_of
from schema.ids import Account

NOW = datetime(2026, 6, 1, tzinfo=UTC)
GARDEN = Importing(Account("garden"), None, NOW)
POSTS = "decision_id,tweet_id,posted_at\nd-1,101,2025-01-01T10:00:00Z\nd-2,102,2025-01-02T10:00Z\n"
HEADER = POSTS.partition("\n")[0]
ATTEMPTS = (
    "permit_id,decision_id,status,target_tweet_id,target_username,actual_tweet_id,used_at\n"
    "p-1,d-1,USED,p1,author9,101,2025-01-01T10:00:00Z\n"
    "p-2,d-2,REJECTED,p2,,,\n"
    "p-3,d-3,UNKNOWN,p3,,,2025-01-03 10:00:00+00\n"
)


def written(folder: Path, name: str, content: str | bytes) -> str:
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return name


def ignore(what: str, done: int) -> None:
    del what, done


def events(file: Path, into: Importing = GARDEN) -> list[Any]:
    checked = check(file, table_of(file, None), into, ignore)
    return [new.event for _, new in events_in(checked, into)]
