"""The queue: candidates that passed wait for a slot, once, until they expire."""

from __future__ import annotations

from datetime import datetime

from schema.events.base import OfQueueItem
from schema.events.judging import Tier
from schema.ids import DecisionId, SchedulerRunId
from schema.posts import Post, Source


class CandidateQueued(OfQueueItem, frozen=True, kw_only=True):
    """A candidate waits for a slot."""

    tier: Tier
    score: float
    source: Source
    post: Post
    expires_at: datetime


class CandidateSelected(OfQueueItem, frozen=True, kw_only=True):
    """A slot took the item."""

    scheduler_run_id: SchedulerRunId
    decision_id: DecisionId


class CandidateReleased(OfQueueItem, frozen=True, kw_only=True):
    """The item waits again: what held it died or never came."""

    reason: str


class CandidateExpired(OfQueueItem, frozen=True, kw_only=True):
    """The item waited too long."""
