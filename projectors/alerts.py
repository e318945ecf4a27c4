"""The alerts: one row per alert and subject, from raised to cleared, and who has seen it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from schema.contracts import Projector, Recorded
from schema.events.alerting import (
    Alert,
    AlertAcknowledged,
    AlertCleared,
    AlertDelivered,
    AlertRaised,
    AlertUndelivered,
    OfAlert,
)
from schema.events.base import Event
from schema.events.operations import Severity

Hears = AlertRaised | AlertCleared | AlertAcknowledged | AlertDelivered | AlertUndelivered


class AlertStatus(StrEnum):
    """Where an alert is."""

    RAISED = "raised"  # ends when it is over, or when a person acknowledges it
    ACKNOWLEDGED = "acknowledged"  # a person has seen it; ends when it is over
    CLEARED = "cleared"  # over; the same trouble raises it again


class AlertRow(msgspec.Struct, frozen=True, kw_only=True):
    """One alert about one subject; `told` is how the last message about it fared."""

    alert_id: str
    alert: Alert
    subject: str
    severity: Severity
    status: AlertStatus
    message: str
    data: dict[str, str]
    raised_at: datetime
    times_raised: int
    cleared_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    why: str | None
    told: str


def key(event: Event) -> str | None:
    """Rows are alerts, each about one subject."""
    return f"{event.alert}:{event.subject}" if isinstance(event, OfAlert) else None


def evolve(row: AlertRow | None, recorded: Recorded[Hears]) -> AlertRow | None:
    """Remember how the alert stands."""
    event = recorded.event
    match event:
        case AlertRaised():
            return _raised(event, recorded.at, 0 if row is None else row.times_raised)
        case AlertCleared():
            return row and replace(
                row, status=AlertStatus.CLEARED, cleared_at=recorded.at, why=event.why
            )
        case AlertAcknowledged():
            return row and _acknowledged(row, event, recorded.at)
        case AlertDelivered():
            return row and replace(row, told="delivered")
        case AlertUndelivered():
            return row and replace(row, told=f"undelivered: {event.reason}")


def _raised(event: AlertRaised, at: datetime, times_before: int) -> AlertRow:
    return AlertRow(
        alert_id=f"{event.alert}:{event.subject}",
        alert=event.alert,
        subject=event.subject,
        severity=event.severity,
        status=AlertStatus.RAISED,
        message=event.message,
        data=event.data,
        raised_at=at,
        times_raised=times_before + 1,
        cleared_at=None,
        acknowledged_at=None,
        acknowledged_by=None,
        why=None,
        told="",
    )


def _acknowledged(row: AlertRow, event: AlertAcknowledged, at: datetime) -> AlertRow:
    over = row.status is AlertStatus.CLEARED
    return replace(
        row,
        status=AlertStatus.CLEARED if over else AlertStatus.ACKNOWLEDGED,
        acknowledged_at=at,
        acknowledged_by=event.by,
        why=event.why,
    )


alerts: Projector[Any] = Projector(
    name="alerts", row=AlertRow, keyed="alert_id", hears=get_args(Hears), key=key, evolve=evolve
)
