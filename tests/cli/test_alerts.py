"""`alerts acknowledge`: a person answers for an alert by its id, and is told what else ends it."""

from __future__ import annotations

import pytest

from schema.events.alerting import Alert, AlertAcknowledged, AlertCleared, AlertRaised
from schema.events.operations import Severity
from tests.cli.conftest import Ask
from tests.doubles.story import Story


def raised(alert: Alert, subject: str) -> AlertRaised:
    return AlertRaised(
        alert=alert, subject=subject, severity=Severity.CRITICAL, message="look", data={}
    )


def tell(story: Story, *alerts: tuple[Alert, str]) -> None:
    story.booted()
    for alert, subject in alerts:
        story.say(raised(alert, subject))


@pytest.mark.parametrize("sign", [":", "/"])
def test_an_alert_is_acknowledged_by_its_id(ask: Ask, story: Story, sign: str) -> None:
    tell(story, (Alert.WORK_PARKED, "judge:3"))
    answer = ask("alerts", "acknowledge", f"work_parked{sign}judge:3", "--why", "seen", "--json")
    assert answer.code == 0
    assert answer.json["alert_id"] == "work_parked:judge:3"
    last = story.rows[-1].event
    assert isinstance(last, AlertAcknowledged)
    assert (last.alert, last.subject, last.why) == (Alert.WORK_PARKED, "judge:3", "seen")
    assert last.by


def test_a_person_is_told_what_ends_the_alert(ask: Ask, story: Story) -> None:
    tell(story, (Alert.GHOST, "h1"))
    answer = ask("alerts", "acknowledge", "ghost/h1", "--why", "seen")
    assert "ghost:h1 acknowledged at position" in answer.out
    assert "ghostproof ghost acknowledge h1" in answer.out
    story.say(AlertCleared(alert=Alert.GHOST, subject="h1", severity=Severity.INFO, why="mine"))
    assert "it is over" not in ask("alerts", "acknowledge", "ghost/h1", "--why", "again").out


@pytest.mark.parametrize(
    ("alert", "message"),
    [
        ("goast/h1", "no kind of alert in 'goast/h1'\n→ kinds are: scheduler_silent,"),
        ("ghost", "'ghost' does not say which one\n→ write ghost/SUBJECT"),
        ("ghost/", "'ghost/' does not say which one"),
        ("/h1", "no kind of alert in '/h1'"),
        ("", "no kind of alert in ''"),
        ("ghost/h2", "no alert 'ghost:h2'\n→ `ghostproof show alerts` lists them"),
    ],
)
def test_a_wrong_id_is_told_and_nothing_is_written(
    ask: Ask, story: Story, alert: str, message: str
) -> None:
    tell(story, (Alert.GHOST, "h1"))
    before = len(story.rows)
    answer = ask("alerts", "acknowledge", alert, "--why", "seen")
    assert (answer.code, answer.out) == (64, "")
    assert message in answer.err
    assert len(story.rows) == before


def test_a_reason_is_needed(ask: Ask, story: Story) -> None:
    tell(story, (Alert.GHOST, "h1"))
    assert "a reason is needed" in ask("alerts", "acknowledge", "ghost/h1", "--why", " ").err
