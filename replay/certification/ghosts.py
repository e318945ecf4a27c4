"""Ghosts that nobody has answered for, and clicks that something had to stop."""

from __future__ import annotations

from typing import Any

from replay.certification.evidence import Evidence
from schema.contracts import Recorded
from schema.events.permitting import ReasonCode
from schema.events.posting import NotSentReason


def open_ghosts(evidence: Evidence) -> list[Recorded[Any]]:
    """Return the ghosts that no person has acknowledged or attested."""
    answered = {
        one.event.posted_id
        for name in ("ghost_acknowledged", "manual_post_attested")
        for one in evidence.of[name]
    }
    ghosts = evidence.of["ghost_detected"]
    return [one for one in ghosts if getattr(one.event, "posted_id", None) not in answered]


def blocked_attempts(evidence: Evidence, start: int) -> list[Recorded[Any]]:
    """Return what was stopped by the database, by the gate, or by the check of the source.

    A click that was not sent for another reason is none: it was taken back in time, or its worker
    died before the press.
    """
    denied = [
        one
        for one in evidence.since("click_not_sent", start)
        if one.event.reason is NotSentReason.DENIED
    ]
    return [*evidence.since("click_blocked", start), *denied, *foreign_sources(evidence, start)]


def foreign_sources(evidence: Evidence, start: int) -> list[Recorded[Any]]:
    """Return the permits that were refused because their source is off the allowlist."""
    return [
        one
        for one in evidence.since("permit_rejected", start)
        if one.event.reason_code is ReasonCode.INVALID_PIPELINE_SOURCE
    ]
