"""The outcomes: one row per decision whose post was read again some hours later."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import msgspec

from schema.contracts import Projector, Recorded
from schema.events.base import Event
from schema.events.learning import OutcomeRecorded, OutcomeUnavailable
from schema.ids import DecisionId

Hears = OutcomeRecorded | OutcomeUnavailable


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a post led to; the numbers are None where they could not be had, `reason` says why."""

    decision_id: DecisionId
    posted_id: str
    simulated: bool
    impressions: int | None
    likes: int | None
    replies: int | None
    er: float | None
    reason: str | None
    collected_at: datetime


def key(event: Event) -> str | None:
    """Rows are decisions."""
    return str(event.decision_id) if isinstance(event, get_args(Hears)) else None


def evolve(row: Result | None, recorded: Recorded[Hears]) -> Result | None:
    """Keep the newest reading."""
    del row
    event = recorded.event
    match event:
        case OutcomeRecorded():
            return Result(
                decision_id=event.decision_id,
                posted_id=event.posted_id,
                simulated=event.simulated,
                impressions=event.impressions,
                likes=event.likes,
                replies=event.replies,
                er=event.er,
                reason=None,
                collected_at=recorded.at,
            )
        case OutcomeUnavailable():
            return Result(
                decision_id=event.decision_id,
                posted_id=event.posted_id,
                simulated=False,
                impressions=None,
                likes=None,
                replies=None,
                er=None,
                reason=str(event.reason),
                collected_at=recorded.at,
            )


outcomes: Projector[Any] = Projector(
    name="outcomes",
    row=Result,
    keyed="decision_id",
    hears=get_args(Hears),
    key=key,
    evolve=evolve,
)
