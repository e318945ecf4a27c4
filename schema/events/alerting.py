"""Alerting: what a person should know, raised once, cleared when over, acknowledged by a person."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from schema.events.base import Event
from schema.events.operations import Severity
from schema.ids import named


class Alert(StrEnum):
    """What can be wrong; the whole list."""

    SCHEDULER_SILENT = "scheduler_silent"
    INVALID_PIPELINE_SOURCE = "invalid_pipeline_source"
    GHOST = "ghost"
    FETCH_UNFINISHED = "fetch_unfinished"
    SHA_UNEXPECTED = "sha_unexpected"
    WORK_PARKED = "work_parked"
    SITE_CHALLENGED = "site_challenged"
    PROFILE_UNREAD = "profile_unread"


class OfAlert(Event, frozen=True, kw_only=True):
    """About one alert; `subject` says which of its kind, the two together are its trace."""

    alert: Alert
    subject: str

    def chain(self) -> UUID | None:
        """Return the id that names this trace."""
        return named("alert", self.alert, self.subject)


class AlertRaised(OfAlert, frozen=True, kw_only=True):
    """Order: tell a person. `data` are the facts, as texts by name; no text from a site."""

    severity: Severity
    message: str
    data: dict[str, str]


class AlertCleared(OfAlert, frozen=True, kw_only=True):
    """Order: tell a person that it is over."""

    severity: Severity
    why: str


class AlertAcknowledged(OfAlert, frozen=True, kw_only=True):
    """A person has seen the alert and says what was done."""

    why: str
    by: str


class AlertDelivered(OfAlert, frozen=True, kw_only=True):
    """The webhook took the message about `told`, the event of this id."""

    told: UUID
    status: int
    tries: int


class AlertUndelivered(OfAlert, frozen=True, kw_only=True):
    """The message reached nobody; the alert stands in the log all the same."""

    told: UUID
    reason: str
    tries: int
