"""Find what a text from outside means in a log: a post, or any id of a chain."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from replay.reading import gather, walk
from replay.source import Log
from schema.contracts import Recorded
from schema.ids import Account, EventId

SIGHTING_TYPES = (
    "posting_success",
    "late_confirmed",
    "ghost_detected",
    "ghost_acknowledged",
    "manual_post_attested",
    "post_predates_log",
    "post_disappeared",
)
"""Event types that name a post on our profile."""

CARRIERS = (
    "candidate_found",
    "judgement_requested",
    "candidate_evaluated",
    "candidate_queued",
    "decision_made",
    "permit_created",
    "posting_success",
    "late_confirmed",
)
"""Event types that together name every id of a chain."""

ID_FIELDS = (
    "candidate_id",
    "evaluation_id",
    "queue_id",
    "scheduler_run_id",
    "decision_id",
    "permit_id",
    "posted_id",
    "target_post_id",
)


async def sightings(store: Log, account: Account, post: str) -> list[Recorded[Any]]:
    """Return the events that name this post, by its id or its address."""
    seen = await gather(store, account, types=SIGHTING_TYPES)
    ids = {_posted_id(recorded) for recorded in seen if _named(recorded, post)}
    return [recorded for recorded in seen if _posted_id(recorded) in ids]


def _named(recorded: Recorded[Any], post: str) -> bool:
    return post in (_posted_id(recorded), getattr(recorded.event, "url", None))


def _posted_id(recorded: Recorded[Any]) -> str | None:
    return getattr(recorded.event, "posted_id", None)  # an erased body names no post


async def trace_of(store: Log, account: Account, text: str) -> UUID | None:
    """Return the trace that this id belongs to: a trace, an event, a link, or a post."""
    wanted = _uuid(text)
    if wanted is not None:
        if (await store.read(account, trace=wanted, limit=1)).events:
            return wanted
        if (recorded := await store.by_id(account, EventId(wanted))) is not None:
            return recorded.trace
    async for recorded in walk(store, account, types=CARRIERS):
        if _carries(recorded.event, wanted or text):
            return recorded.trace
    return None


def _carries(event: Any, wanted: UUID | str) -> bool:
    if any(getattr(event, name, None) == wanted for name in ID_FIELDS):
        return True
    post = getattr(event, "post", None)
    return post is not None and wanted in (post.post_id, post.url)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
