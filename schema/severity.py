"""How bad an event is: most are only facts; what is named here a person should see."""

from __future__ import annotations

from schema.catalogue import type_of
from schema.events.alerting import AlertCleared, AlertRaised
from schema.events.base import Event
from schema.events.operations import Severity
from schema.events.permitting import PermitRejected, ReasonCode

SEVERITIES: dict[str, Severity] = {
    "click_blocked": Severity.CRITICAL,
    "ghost_detected": Severity.CRITICAL,
    "fetch_failed": Severity.ERROR,
    "slot_failed": Severity.ERROR,
    "unhandled_exception": Severity.ERROR,
    "message_parked": Severity.ERROR,
    "posting_failed": Severity.ERROR,
    "site_challenged": Severity.ERROR,
    "late_click_detected": Severity.ERROR,
    "outcome_abandoned": Severity.ERROR,
    "source_failed": Severity.WARNING,
    "source_timed_out": Severity.WARNING,
    "outcome_unknown": Severity.WARNING,
    "profile_read_failed": Severity.WARNING,
    "judgement_failed": Severity.WARNING,
    "draft_failed": Severity.WARNING,
    "post_disappeared": Severity.WARNING,
    "clock_stepped": Severity.WARNING,
    "clock_skewed": Severity.WARNING,
    "alert_undelivered": Severity.WARNING,
}
"""Event type -> severity; every other type is ``info``."""


def severity_of(event: Event) -> Severity:
    """Return how bad the event is."""
    match event:
        case AlertRaised():
            return event.severity
        case AlertCleared():
            return Severity.INFO
        case PermitRejected(reason_code=ReasonCode.INVALID_PIPELINE_SOURCE):
            return Severity.CRITICAL
        case _:
            return SEVERITIES.get(type_of(event), Severity.INFO)


def is_error(event: Event) -> bool:
    """Say whether the event is an error, or worse."""
    return severity_of(event) in {Severity.ERROR, Severity.CRITICAL}
