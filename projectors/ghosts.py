"""The ghosts: one row per post on our profile that no used permit explains."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.ghosts import GhostAcknowledged, GhostDetected, GhostKind, ManualPostAttested
from schema.ids import ReadingId

Hears = GhostDetected | GhostAcknowledged | ManualPostAttested


class Ghost(msgspec.Struct, frozen=True, kw_only=True):
    """One ghost; it stays a row for ever, acknowledged or not."""

    posted_id: str
    url: str
    text: str
    kind: GhostKind
    missing: tuple[str, ...]
    target_post_id: str | None
    reading_id: ReadingId
    posted_at: datetime | None
    detected_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    why: str | None
    attested: bool


def key(event: Event) -> str | None:
    """Rows are posts."""
    return event.posted_id if isinstance(event, get_args(Hears)) else None


def evolve(row: Ghost | None, recorded: Recorded[Hears]) -> Ghost | None:
    """Remember the ghost, and what a person said of it."""
    event = recorded.event
    match event:
        case GhostDetected():
            return Ghost(
                posted_id=event.posted_id,
                url=event.url,
                text=event.text,
                kind=event.kind,
                missing=event.missing,
                target_post_id=event.target_post_id,
                reading_id=event.reading_id,
                posted_at=event.posted_at,
                detected_at=event.detected_at,
                acknowledged_at=None,
                acknowledged_by=None,
                why=None,
                attested=False,
            )
        case GhostAcknowledged() | ManualPostAttested():
            return row and replace(
                row,
                acknowledged_at=recorded.at,
                acknowledged_by=event.by,
                why=event.why,
                attested=isinstance(event, ManualPostAttested),
            )


ghosts: Projector[Any] = Projector(
    name="ghosts", row=Ghost, keyed="posted_id", hears=get_args(Hears), key=key, evolve=evolve
)
