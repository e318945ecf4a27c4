"""Any prefix of the log is a legal state: whatever a crash leaves, replay reads it."""

from __future__ import annotations

from typing import Any

import pytest

from projectors import VIEWS
from replay.audit import Auditor
from replay.entry import Entry, entry_of
from replay.folding import fold
from schema.contracts import Recorded
from tests.doubles.story import ACCOUNT, Story


def long_story() -> Story:
    """Tell of two replies, waiting items, a ghost, and a permit nobody has used yet."""
    story = Story()
    story.healthy()
    story.haunted()
    story.later(minutes=10)
    story.replied("ann")
    return story


def violated(entries: list[Entry]) -> list[str]:
    auditor = Auditor(ACCOUNT)
    for entry in entries:
        auditor.see(entry)
    auditor.reach(len(entries))
    return [finding.id for finding in auditor.findings() if not finding.ok]


def test_every_prefix_is_audited_and_folded() -> None:
    rows = long_story().rows
    for size in range(1, len(rows) + 1):
        assert violated([entry_of(row) for row in rows[:size]]) == []
        for view in VIEWS.values():
            fold(view, rows[:size])


@pytest.mark.parametrize("missing", ["permit_approved", "candidate_found", "click_attempt"])
def test_what_is_no_prefix_would_be_noticed(missing: str) -> None:
    """The sibling: a log with a hole is not what any crash leaves."""
    rows: list[Recorded[Any]] = long_story().rows
    entries = [entry_of(row) for row in rows if row.type != missing]
    assert violated(entries) != []
