"""Rows of the log written by hand, as somebody would who may bypass the append function."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import Jsonb

from schema.ids import named

FORGE = """
with given as (
  select * from jsonb_to_record(%s::jsonb) as g(
    "position" bigint, event_id uuid, type text, trace uuid, recorded_at timestamptz, permit uuid,
    spends bigint, spends_type text, posted_id text, text_hash bytea, expires_at timestamptz,
    salt bytea, body bytea)
)
insert into gp.log (account, "position", event_id, type, version, trace, recorded_at, actor, permit,
  spends, spends_type, posted_id, text_hash, expires_at, salt, body, body_hash, leaf)
select 'me', "position", event_id, type, 1, trace, recorded_at, 'forger', permit, spends,
  spends_type, posted_id, text_hash, expires_at, salt, body, sha256(salt || body),
  gp.leaf('me', "position", event_id, type, 1, trace, null, recorded_at, 'forger', permit, spends,
    spends_type, posted_id, text_hash, null, null, expires_at, sha256(salt || body))
from given
"""
TIME = "2026-01-31 12:00:00+00"
TRACE, PERMIT = named("test", "forged trace"), named("test", "forged permit")


def row(
    position: int, kind: str, spends: tuple[int, str] | None = None, **more: Any
) -> dict[str, Any]:
    """Return the columns of a row that is right in everything but, perhaps, the law."""
    columns = {
        "position": position,
        "event_id": str(named("test", "forged", str(position))),
        "type": kind,
        "trace": str(TRACE),
        "recorded_at": TIME,
        "permit": str(PERMIT),
        "salt": "\\x00",
        "body": "\\x7b7d",
    }
    if spends is not None:
        columns |= {"spends": spends[0], "spends_type": spends[1]}
    if kind == "permit_approved":
        columns["expires_at"] = TIME
    if kind in {"click_attempt", "draft_accepted"}:
        columns["text_hash"] = "\\x" + "00" * 32
    if kind in {"posting_success", "late_confirmed"}:
        columns["posted_id"] = f"post {position}"
    return columns | {k: str(v) if isinstance(v, UUID) else v for k, v in more.items()}


def forge(connection: psycopg.Connection[Any], columns: dict[str, Any]) -> None:
    """Insert the row, with hashes that fit it."""
    connection.execute(FORGE, [Jsonb(columns)])
