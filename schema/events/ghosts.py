"""Reconciliation: our profile is read, and each post on it is explained or is a ghost."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from schema.events.base import Event
from schema.ids import ReadingId
from schema.posts import Post


class GhostKind(StrEnum):
    """What sort of unexplained post it is."""

    UNEXPLAINED = "unexplained"
    DUPLICATE = "duplicate"


class OfReading(Event, frozen=True, kw_only=True):
    """About one reading of our own profile, which is a trace of its own."""

    reading_id: ReadingId

    def chain(self) -> UUID | None:
        """Return the id that names this trace."""
        return self.reading_id


class ProfileReadOrdered(OfReading, frozen=True, kw_only=True):
    """Order: read our profile back to this post, or to the beginning.

    `older_than` is the post at which an earlier reading of the same sweep stopped: only what is
    older is to be shown.
    """

    back_to: str | None
    limit: int
    older_than: str | None = None


class ProfileRead(OfReading, frozen=True, kw_only=True):
    """Our own posts as the profile showed them, newest first."""

    posts: tuple[Post, ...]
    complete: bool
    why_incomplete: str = ""


class ProfileReadFailed(OfReading, frozen=True, kw_only=True):
    """The profile could not be read."""

    reason: str


class ReconciliationCompleted(OfReading, frozen=True, kw_only=True):
    """What a reading explained."""

    seen: int
    explained: int
    settled: int
    ghosts: int
    still_unknown: int
    complete: bool


class PostPredatesLog(OfReading, frozen=True, kw_only=True):
    """A post from before the account's first event; no ghost."""

    posted_id: str
    url: str
    posted_at: datetime | None


class PostDisappeared(OfReading, frozen=True, kw_only=True):
    """A confirmed post is no longer on the profile."""

    posted_id: str


class GhostDetected(OfReading, frozen=True, kw_only=True):
    """A post on our own profile that no used permit explains."""

    posted_id: str
    url: str
    text: str
    posted_at: datetime | None
    detected_at: datetime
    target_post_id: str | None
    missing: tuple[str, ...]
    kind: GhostKind = GhostKind.UNEXPLAINED


class GhostAcknowledged(Event, frozen=True, kw_only=True):
    """A person has seen the ghost and says why it is there. The ghost stays."""

    posted_id: str
    why: str
    by: str


class ManualPostAttested(Event, frozen=True, kw_only=True):
    """A person vouches that the post was made by hand."""

    posted_id: str
    why: str
    by: str
