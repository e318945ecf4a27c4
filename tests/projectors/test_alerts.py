"""The alerts' rows: raised, seen, over, and raised again."""

from __future__ import annotations

from projectors.alerts import AlertStatus, alerts
from schema.events.alerting import (
    Alert,
    AlertAcknowledged,
    AlertCleared,
    AlertDelivered,
    AlertRaised,
    AlertUndelivered,
)
from schema.events.operations import Severity
from schema.ids import named
from tests.handlers.facts import minutes
from tests.handlers.given import NOON
from tests.projectors.rows import row, rows

RAISED = AlertRaised(
    alert=Alert.GHOST, subject="h1", severity=Severity.CRITICAL, message="a ghost", data={}
)
CLEARED = AlertCleared(alert=Alert.GHOST, subject="h1", severity=Severity.INFO, why="acknowledged")
SEEN = AlertAcknowledged(alert=Alert.GHOST, subject="h1", why="known", by="operator")
TOLD = AlertDelivered(alert=Alert.GHOST, subject="h1", told=named("told"), status=200, tries=1)
UNTOLD = AlertUndelivered(
    alert=Alert.GHOST, subject="h1", told=named("told"), reason="refused", tries=3
)


def test_an_alert_is_raised_about_its_subject() -> None:
    alert = row(alerts, RAISED)
    assert (alert.status, alert.severity, alert.times_raised) == (
        AlertStatus.RAISED,
        Severity.CRITICAL,
        1,
    )


def test_an_alert_seen_by_a_person_is_acknowledged() -> None:
    alert = row(alerts, RAISED, minutes(1), SEEN)
    assert (alert.status, alert.acknowledged_by) == (AlertStatus.ACKNOWLEDGED, "operator")
    assert alert.acknowledged_at == NOON + minutes(1)


def test_an_alert_that_is_over_is_cleared_and_stays_so_when_seen() -> None:
    assert row(alerts, RAISED, CLEARED).status is AlertStatus.CLEARED
    assert row(alerts, RAISED, CLEARED, SEEN).status is AlertStatus.CLEARED


def test_the_same_trouble_raises_it_again() -> None:
    alert = row(alerts, RAISED, SEEN, CLEARED, RAISED)
    assert (alert.status, alert.times_raised) == (AlertStatus.RAISED, 2)
    assert alert.acknowledged_at is alert.cleared_at is None


def test_how_telling_a_person_fared_is_shown() -> None:
    assert row(alerts, RAISED, TOLD).told == "delivered"
    assert row(alerts, RAISED, UNTOLD).told == "undelivered: refused"


def test_an_alert_nobody_raised_has_no_row() -> None:
    assert rows(alerts, SEEN, CLEARED, TOLD, UNTOLD) == []
