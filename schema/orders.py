"""Orders: which events say that an order was carried out, so that it needs no message any more."""

from __future__ import annotations

from typing import Any, NamedTuple

from schema.catalogue import ROUTES
from schema.events.base import Event


class End(NamedTuple):
    """An order ends with an event of the types `by` that has the same values in `subject`."""

    subject: tuple[str, ...]
    by: tuple[str, ...]


ENDS: dict[str, End] = {
    "fetch_started": End(("run_id",), ("fetch_completed",)),
    "judgement_requested": End(("evaluation_id",), ("candidate_judged", "judgement_failed")),
    "draft_requested": End(("permit_id", "ordinal"), ("draft_created", "draft_failed")),
    "click_ordered": End(
        ("permit_id",),
        (
            "posting_success",
            "posting_failed",
            "click_not_sent",
            "click_rejected",
            "click_blocked",
            "click_deferred",
            "click_withheld",
            "outcome_unknown",
            "permit_expired",
            "permit_revoked",
        ),
    ),
    "profile_read_ordered": End(("reading_id",), ("profile_read", "profile_read_failed")),
    "metrics_ordered": End(
        ("permit_id",), ("outcome_recorded", "outcome_unavailable", "metrics_read_failed")
    ),
}
"""Order type -> what ends it."""

RESTORED = {kind: ROUTES[kind] for kind in ENDS}
"""Order type -> queue, for the orders whose end the log tells.

Alerts are not among them: most are told to nobody and leave no trace of it, and an old one told
again would be a false alarm. An alert stands in the log all the same.
"""

ENDED_BY = {ending: kind for kind, end in ENDS.items() for ending in end.by}
"""Ending -> the type of order that it ends; no event ends two types."""


def subject_of(order_type: str, event: Event) -> tuple[Any, ...]:
    """Return what an order and its end have in common."""
    return tuple(getattr(event, name) for name in ENDS[order_type].subject)
