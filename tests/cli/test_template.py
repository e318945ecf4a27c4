"""What `init` writes: each line that is commented out shows the default that holds without it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.settings import settings
from edge.settings.settings import Settings
from schema.rules import Rules

TEMPLATE = Path(settings.__file__).with_name("template.toml").read_text(encoding="utf-8")
SECTION = re.compile(r"^\[([\w.]+)\]")
SHOWN = re.compile(r"^# (\w+) = ([^#]+?)\s*(?:#.*)?$")
EXAMPLES = {
    *("database.url", "database.approver_url", "database.reader_url", "database.admin_url"),
    *("model.base_url", "model.purpose_budget_usd", "alerts.webhook_url"),
    *("schedule.quiet_from", "schedule.quiet_until"),
}
"""What has no default, so that the line shows how it may look."""


def shown() -> Iterator[tuple[str, Any]]:
    """Yield each commented key of the tables that are not an account's, and its value."""
    section = ""
    for line in TEMPLATE.splitlines():
        if found := SECTION.match(line):
            section = f"{found[1]}."
        elif (found := SHOWN.match(line)) and not section.startswith("accounts."):
            yield f"{section}{found[1]}", tomllib.loads(f"value = {found[2]}")["value"]


def default(key: str) -> Any:
    """Return what holds where nobody says anything: the settings' own value, else the rules'."""
    section, _, name = key.rpartition(".")
    if not section:
        return getattr(Settings(), name)
    said = getattr(getattr(Settings(), section), name)
    of_rules = said is None and section in Rules.__struct_fields__
    return getattr(getattr(Rules(), section), name) if of_rules else said


@pytest.mark.parametrize(("key", "value"), list(shown()))
def test_a_line_that_is_commented_out_shows_the_default(key: str, value: Any) -> None:
    found = default(key)
    if key in EXAMPLES:
        assert not found
    elif isinstance(value, float):
        assert float(found) == value
    else:
        assert str(found) == str(value)


def test_most_that_can_be_set_is_shown() -> None:
    assert len(list(shown())) >= 50
