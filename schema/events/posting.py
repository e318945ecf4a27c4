"""Posting: the order, the attempt that spends the permit, and what came of the click."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from schema.events.base import Event, OfPermit
from schema.ids import DecisionId, EventId


class PassSkip(StrEnum):
    """Why a posting pass ordered nothing although something was due."""

    POSTING_DISABLED = "posting_disabled"
    RATE_LIMITED = "rate_limited"
    QUIET_HOURS = "quiet_hours"


class Via(StrEnum):
    """How a post was proved to be there."""

    RESPONSE = "response"
    RECONCILIATION = "reconciliation"


class NotSentReason(StrEnum):
    """Why a click that was attempted certainly did not happen.

    `GATE`: nothing left it. `DENIED`: the press led to a request that nobody had permitted.
    """

    DEADLINE = "deadline"
    POSTING_STOPPED = "posting_stopped"
    COMMIT_UNKNOWN = "commit_unknown"
    COMPOSER_CHANGED = "composer_changed"
    GATE = "gate"
    DENIED = "denied"


class DeferReason(StrEnum):
    """Why an ordered click was put off before its attempt."""

    RATE_LIMITED = "rate_limited"
    POSTING_STOPPED = "posting_stopped"
    SUPERSEDED = "superseded"
    QUIET_HOURS = "quiet_hours"


class PostingPassClosed(Event, frozen=True, kw_only=True):
    """A pass over due decisions: how many were found and ordered, and why not more.

    `skipped_decisions` are those of a pass that ordered nothing, the oldest first, not all of many.
    """

    found: int
    ordered: int
    skipped: PassSkip | None
    skipped_decisions: tuple[DecisionId, ...] = ()


class ClickOrdered(OfPermit, frozen=True, kw_only=True):
    """Order: post this text under this permit."""

    approval: EventId
    text: str
    text_hash: str
    target_url: str | None
    target_author: str | None


class ClickDeferred(OfPermit, frozen=True, kw_only=True):
    """An order ended before the attempt; the permit is as it was."""

    reason: DeferReason
    detail: str


class ClickBlocked(OfPermit, frozen=True, kw_only=True):
    """PostgreSQL refused the attempt as unlawful; `code` is its SQLSTATE. Nothing was clicked."""

    code: str
    reason: str


class ClickWithheld(OfPermit, frozen=True, kw_only=True):
    """The mode does not click: everything but the click was done."""

    mode: str


class PostingFailed(OfPermit, frozen=True, kw_only=True):
    """The page or composer could not be had after the retries; nothing was attempted.

    `final` means that no other try would help: the decision ends.
    """

    reason: str
    tries: int
    final: bool = False


class ClickAttempt(OfPermit, frozen=True, kw_only=True):
    """Written before the click; spends the permit's approval.

    `baseline` is the newest post of our profile before the click, None when there was none.
    """

    spends: EventId
    target_author: str | None
    text_hash: str
    worker_id: UUID
    baseline: str | None


class PostingSuccess(OfPermit, frozen=True, kw_only=True):
    """The post was seen on the site: new id, our author, full text, right parent."""

    spends: EventId
    posted_id: str
    url: str
    via: Via
    text_hash: str
    posted_at: datetime | None
    spooled: bool = False


class ClickNotSent(OfPermit, frozen=True, kw_only=True):
    """The attempt certainly led to no request: the worker that armed it knows, or its gate."""

    spends: EventId
    reason: NotSentReason
    detail: str = ""
    worker_id: UUID | None = None


class ClickRejected(OfPermit, frozen=True, kw_only=True):
    """The site refused for certain, by the profile's closed list of refusals."""

    spends: EventId
    code: str
    detail: str


class OutcomeUnknown(OfPermit, frozen=True, kw_only=True):
    """Nobody can say yet whether the post exists; only looking at the site will settle it."""

    spends: EventId
    detail: str


class LateClickDetected(OfPermit, frozen=True, kw_only=True):
    """The request left after the attempt's budget: a process was paused between check and send.

    Measured afterwards on the boot clock, by the gate that sent it; the outcome follows as usual.
    """

    attempt: EventId
    late_ms: int


class OutcomeAbandoned(OfPermit, frozen=True, kw_only=True):
    """Enough complete readings over enough time did not show the post."""

    spends: EventId
    readings: int
    waited_s: int


class LateConfirmed(OfPermit, frozen=True, kw_only=True):
    """A post appeared after its outcome had been abandoned."""

    spends: EventId
    posted_id: str
    url: str
    text_hash: str
    posted_at: datetime | None
