"""What became of a click: how its post became known, and whether its worker lived to say so."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec

from replay.moment import written
from replay.reading import between
from replay.source import Log
from schema.contracts import Recorded
from schema.events.operations import WatchdogReported, WorkerStarted, WorkerStopped
from schema.events.posting import (
    ClickAttempt,
    LateConfirmed,
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.ids import Account

SIGNS_MAX = 50  # reports: of one worker four hours, of ten at least the first two of each

Proof = Recorded[PostingSuccess] | Recorded[LateConfirmed]


class KnownBy(StrEnum):
    """What told the program that the post is there."""

    ANSWER = "answer"
    LOOK = "look"
    LATE_LOOK = "late_look"


class ClickStory(msgspec.Struct, frozen=True, kw_only=True):
    """One click from its attempt to the sighting of its post, `known_after_s` seconds later.

    `unknown_because` is what was known of it before, None when its outcome was never unknown.
    `next_worker_after_s` is set when the worker that clicked was not heard of again: seconds from
    the attempt to the start of the next one.
    """

    position: int
    attempted_at: str
    worker_id: UUID
    known_by: KnownBy
    known_after_s: float
    spooled: bool = False
    unknown_because: str | None = None
    next_worker_after_s: float | None = None


def attempt_of(events: Sequence[Recorded[Any]], proof: Proof) -> Recorded[ClickAttempt] | None:
    """Return the attempt that made this post, None when the log has none or it is erased."""
    permit_id = proof.event.permit_id
    for recorded in events:
        if isinstance(recorded.event, ClickAttempt) and recorded.event.permit_id == permit_id:
            return recorded
    return None


async def starts_after_death(
    store: Log, account: Account, attempt: Recorded[ClickAttempt], proof: Proof
) -> list[Recorded[Any]]:
    """Return the workers' starts between attempt and proof if who clicked fell silent, else []."""
    starts = await between(store, account, ("worker_started",), attempt.position, proof.position)
    if not starts:
        return []
    signs = ("watchdog_reported", "worker_stopped")
    page = await store.read(account, after=attempt.position, types=signs, limit=SIGNS_MAX)
    heard = any(_is_sign_of(attempt.event.worker_id, one.event) for one in page.events)
    return [] if heard else starts


def click_story(
    events: Sequence[Recorded[Any]], attempt: Recorded[ClickAttempt], proof: Proof
) -> ClickStory:
    """Tell the click from the events of its chain, and the starts that belong to it."""
    success = proof.event
    nexts = [one for one in events if isinstance(one.event, WorkerStarted)]
    nexts = [one for one in nexts if attempt.position < one.position < proof.position]
    return ClickStory(
        position=attempt.position,
        attempted_at=written(attempt.at),
        worker_id=attempt.event.worker_id,
        known_by=_known_by(success),
        known_after_s=_seconds(attempt, proof),
        spooled=isinstance(success, PostingSuccess) and success.spooled,
        unknown_because=_doubt(events, success),
        next_worker_after_s=_seconds(attempt, nexts[0]) if nexts else None,
    )


def _is_sign_of(worker_id: UUID, event: Any) -> bool:
    return isinstance(event, WatchdogReported | WorkerStopped) and event.worker_id == worker_id


def _known_by(success: PostingSuccess | LateConfirmed) -> KnownBy:
    if isinstance(success, LateConfirmed):
        return KnownBy.LATE_LOOK
    return KnownBy.ANSWER if success.via is Via.RESPONSE else KnownBy.LOOK


def _doubt(events: Sequence[Recorded[Any]], success: Any) -> str | None:
    for recorded in events:
        event = recorded.event
        if isinstance(event, OutcomeUnknown) and event.permit_id == success.permit_id:
            return event.detail
    return None


def _seconds(since: Recorded[Any], until: Recorded[Any]) -> float:
    return (until.at - since.at).total_seconds()
