"""Fetching: a run over bounded sources that finds candidates."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

import msgspec

from schema.events.base import Event, OfCandidate
from schema.ids import RunId
from schema.posts import Post, Source


class Trigger(StrEnum):
    """Why a fetch ran."""

    DUE = "due"
    REFILL = "refill"


class SourcePlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one source looks at in this run, and where its cursor stands afterwards."""

    source: Source
    queries: tuple[str, ...]
    next_cursor: int
    limit: int
    timebox_s: int


class OfFetch(Event, frozen=True, kw_only=True):
    """About one fetch run, which is a trace of its own."""

    run_id: RunId

    def chain(self) -> UUID | None:
        """Return the id that names this trace."""
        return self.run_id


class FetchStarted(OfFetch, frozen=True, kw_only=True):
    """Order: look at these sources, within the deadline (seconds)."""

    trigger: Trigger
    plan: tuple[SourcePlan, ...]
    deadline_s: int


class FetchSkipped(Event, frozen=True, kw_only=True):
    """A fetch fell due while another ran."""

    running: RunId
    trigger: Trigger


class CandidateFound(OfCandidate, frozen=True, kw_only=True):
    """A post that could be replied to was seen for the first time."""

    run_id: RunId
    source: Source
    query: str
    post: Post


class SourceCompleted(OfFetch, frozen=True, kw_only=True):
    """A source was read to its cap."""

    source: Source
    seen: int
    new: int
    elapsed_ms: int


class SourceTimedOut(OfFetch, frozen=True, kw_only=True):
    """A source reached its timebox; what it had found is kept."""

    source: Source
    seen: int
    new: int
    elapsed_ms: int


class SourceFailed(OfFetch, frozen=True, kw_only=True):
    """A source raised an error; the next one runs."""

    source: Source
    reason: str
    seen: int
    new: int
    elapsed_ms: int


class FetchFailed(OfFetch, frozen=True, kw_only=True):
    """The run met an exception, or never ended. Times are milliseconds per stage."""

    reason: str
    browser_acquire_ms: int = 0
    nav_ms: int = 0
    extract_ms: int = 0
    db_ms: int = 0


class FetchCompleted(OfFetch, frozen=True, kw_only=True):
    """The run is over; partial results count as ok."""

    ok: bool
    seen: int
    new: int
    elapsed_ms: int
    browser_acquire_ms: int = 0
    nav_ms: int = 0
    extract_ms: int = 0
    db_ms: int = 0


class FullCycleCompleted(OfFetch, frozen=True, kw_only=True):
    """A fetch is over, what it found is judged, and the queue holds what passed.

    `unfinished` counts candidates that nobody judged in time.
    """

    trigger: Trigger
    ok: bool
    found: int
    evaluated: int
    queued: int
    unfinished: int
    queue_size: int
    elapsed_ms: int
