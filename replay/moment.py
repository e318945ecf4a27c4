"""A moment in a log, given as a position or as a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from schema.contracts import Recorded
from schema.errors import BadInput


@dataclass(frozen=True, slots=True)
class Moment:
    """A position, a time (UTC), or neither: now."""

    position: int | None = None
    at: datetime | None = None

    def includes(self, recorded: Recorded[Any]) -> bool:
        """Say whether this event had happened by then, the moment itself included."""
        if self.position is not None:
            return recorded.position <= self.position
        return self.at is None or recorded.at <= self.at

    def __str__(self) -> str:
        if self.position is not None:
            return str(self.position)
        return "now" if self.at is None else written(self.at)


NOW = Moment()


def parse_moment(text: str) -> Moment:
    """Read a position such as ``4711`` or an ISO time; a time without a zone is UTC.

    Raises:
        BadInput: it is neither.
    """
    if text.isascii() and text.isdigit():
        return Moment(position=int(text))
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise BadInput(
            f"neither a position nor a time: {text!r}",
            remedy="give a position (4711) or an ISO time (2026-01-31T12:00:00Z)",
        ) from None
    return Moment(at=at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC))


def written(at: datetime) -> str:
    """Write a time the one way that every command does: UTC, milliseconds, ``Z``."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
