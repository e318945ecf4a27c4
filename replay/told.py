"""One event as the commands tell it: where, when, what, and a line of what matters in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from replay.moment import written
from schema.catalogue import type_of
from schema.contracts import Recorded

GIST_FIELDS = (
    "post",
    "verdict",
    "reason",
    "reason_code",
    "gate",
    "why",
    "purpose",
    "outcome",
    "job",
    "source",
    "tier",
    "kind",
    "posted_id",
    "name",
    "git_sha",
    "blocker",
    "size",
    "root",
    "via",
    "target_author",
    "ok",
    "new",
    "late_ms",
    "text",
    "detail",
)
"""Fields worth a word on one line, in the order they are told."""

GIST_CHARACTERS = 90  # what remains of a wide terminal after position, time and type


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """An event without its body."""

    position: int
    type: str
    at: str
    cause: int | None
    actor: str
    trace: UUID
    event_id: UUID
    gist: str


def tell(recorded: Recorded[Any]) -> Told:
    """Return the event as a line's worth of facts."""
    return Told(
        position=recorded.position,
        type=recorded.type or type_of(recorded.event),
        at=written(recorded.at),
        cause=recorded.cause,
        actor=recorded.actor,
        trace=recorded.trace,
        event_id=recorded.event_id,
        gist=gist(recorded.event),
    )


def gist(event: Any) -> str:
    """Return the telling fields of an event, as `name=value`, on one line."""
    words = [
        f"{name}={_word(value)}"
        for name in GIST_FIELDS
        if (value := getattr(event, name, None)) not in (None, "")
    ]
    return _clip(" ".join(words))


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = str(getattr(value, "post_id", value))
    return repr(text) if " " in text or not text.isprintable() else text


def _clip(text: str) -> str:
    return text if len(text) <= GIST_CHARACTERS else text[: GIST_CHARACTERS - 1] + "…"
