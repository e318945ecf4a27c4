"""Scheduling: each slot ends once, with a reason and perhaps a decision."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from schema.events.base import Event, OfDecision
from schema.events.judging import Tier
from schema.ids import DecisionId, SchedulerRunId
from schema.posts import Source


class DecisionType(StrEnum):
    """What is to be posted."""

    REPLY = "reply"
    SINGLE = "single"


class SlotReason(StrEnum):
    """How a slot ended."""

    DECIDED = "decided"
    QUEUE_EMPTY = "queue_empty"
    RATE_LIMITED = "rate_limited"
    POSTING_DISABLED = "posting_disabled"
    BUDGET_EXHAUSTED = "budget_exhausted"
    ERROR = "error"


class OfSlot(Event, frozen=True, kw_only=True):
    """About one run of the scheduler, which is a trace of its own."""

    scheduler_run_id: SchedulerRunId
    slot: datetime

    def chain(self) -> UUID | None:
        """Return the id that names this trace."""
        return self.scheduler_run_id


class SchedulerStarted(OfSlot, frozen=True, kw_only=True):
    """A slot opened; appended before any other work of the scheduler."""

    seed: int
    utc_offset_min: int = 0


class SlotFailed(OfSlot, frozen=True, kw_only=True):
    """A slot was open for too long: its decision or its permit could not be made."""

    reason: str
    open_s: int


QUIET_HOURS = "quiet hours"
"""How the detail of a slot begins that closed without a decision because hours were quiet."""


class SlotClosed(OfSlot, frozen=True, kw_only=True):
    """A slot ended, with the decision it made or none, and why."""

    reason: SlotReason
    decision_id: DecisionId | None
    queue_size: int
    detail: str = ""


class DecisionMade(OfDecision, frozen=True, kw_only=True):
    """The choice to post one thing.

    `arm` is the source and style that the bandit picked, with the share of draws in which it would
    have (`propensity`), whether another arm had done better so far (`explored`), and the version
    of the coefficients (0: none were trained yet). An original post has a `topic`.
    """

    decision_type: DecisionType
    pipeline_source: str
    target_post_id: str | None
    target_url: str | None
    target_author: str | None
    source: Source | None
    tier: Tier | None
    style: str
    scheduled_at: datetime
    arm: str | None = None
    propensity: float | None = None
    explored: bool | None = None
    arms_version: int = 0
    topic: str = ""
