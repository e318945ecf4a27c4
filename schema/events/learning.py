"""Learning: what our posts led to, and which source and style do better for it."""

from __future__ import annotations

from enum import StrEnum

from schema.events.base import Event, OfPermit


class UnavailableReason(StrEnum):
    """Why the numbers of a post cannot be had."""

    GONE = "gone"
    LOCKED = "locked"
    UNREADABLE = "unreadable"


class SkippedReason(StrEnum):
    """Why nothing was learned."""

    INSUFFICIENT_OUTCOMES = "insufficient_real_outcomes"
    NOT_LIVE = "not_live"


class MetricsPassClosed(Event, frozen=True, kw_only=True):
    """A pass over posts that are old enough: how many were found, how many will be read now."""

    found: int
    ordered: int


class MetricsOrdered(OfPermit, frozen=True, kw_only=True):
    """Order: read how many saw, liked and answered this post of ours."""

    posted_id: str
    tries: int = 1


class MetricsReadFailed(OfPermit, frozen=True, kw_only=True):
    """The site could not be read; the post's turn comes again."""

    posted_id: str
    reason: str


class OutcomeRecorded(OfPermit, frozen=True, kw_only=True):
    """What a post led to. `er` is (likes + replies) / impressions, None where none are shown.

    `simulated` is False only for the real site of a live account: nothing else is learned from.
    """

    posted_id: str
    simulated: bool
    impressions: int
    likes: int
    replies: int
    er: float | None


class OutcomeUnavailable(OfPermit, frozen=True, kw_only=True):
    """What the post led to will never be known."""

    posted_id: str
    reason: UnavailableReason
    detail: str = ""


class ArmTrained(Event, frozen=True, kw_only=True):
    """How a source and style did, as Beta(alpha, beta) over the chance that a post does well."""

    arm: str
    version: int
    alpha: int
    beta: int
    pulls: int


class ArmsTrained(Event, frozen=True, kw_only=True):
    """All arms have new coefficients; `explore_ratio` is over the last `choices` choices."""

    version: int
    arms: int
    outcomes: int
    choices: int
    explore_ratio: float


class TrainingSkipped(Event, frozen=True, kw_only=True):
    """Nothing was learned, and why; `have` of `need` real outcomes are there."""

    reason: SkippedReason
    have: int
    need: int
