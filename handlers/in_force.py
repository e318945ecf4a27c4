"""The rules in force, as a fold that every handler with numbers shares."""

from __future__ import annotations

from typing import Any

from schema.contracts import Fold, Recorded
from schema.events.base import Event
from schema.events.operations import SettingsChanged
from schema.rules import Rules


def _key(event: Event) -> str | None:
    return "" if isinstance(event, SettingsChanged) else None


def _evolve(rules: Rules, recorded: Recorded[Any]) -> Rules:
    event = recorded.event
    return event.rules if isinstance(event, SettingsChanged) else rules


def whole_account(event: Event) -> str | None:
    """Key of a fold that remembers one thing per account, whatever the event."""
    del event
    return ""


rules_in_force: Fold[Rules] = Fold(state=Rules, initial=Rules(), key=whole_account, evolve=_evolve)
