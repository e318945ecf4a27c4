"""Clicks: the performer under test, an answer that proves a post, and the outcome in the log."""

from __future__ import annotations

from typing import Any

from edge.performers.click import Click
from edge.performers.outcomes import attempt_id_of
from edge.ports import ClickObservation, Observed
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    ClickOrdered,
    ClickRejected,
    OutcomeUnknown,
    PostingSuccess,
)
from tests.performers.orders import Bench

CLICK = Click("live")
ACCEPTED = ClickObservation(Observed.ACCEPTED, "201", http_status=201, posted_id="q1")
OUTCOMES = (PostingSuccess, ClickNotSent, ClickRejected, OutcomeUnknown)


def outcome(bench: Bench) -> Any:
    """Return the one outcome of the one attempt."""
    [attempt] = bench.said(ClickAttempt)
    [event] = bench.said(*OUTCOMES)
    assert event.permit_id == attempt.permit_id
    assert event.spends == attempt_id_of(bench.said(ClickOrdered)[0])
    return event
