"""A worker's flag holds posting for as long as that worker is there, whoever else runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from edge.worker.signs import REPORTS_MISSED
from schema.contracts import Recorded
from schema.events.operations import StopSource
from tests.simulation.checks.facts import Facts


def a_flag_ends_with_its_worker(facts: Facts) -> Iterator[str]:
    """No flag is taken back of a worker that reports later on and had not been silent for long."""
    for over in facts.of("posting_allowed"):
        holder = over.event.held_by
        if over.event.source is not StopSource.FLAG or holder is None:
            continue
        signs = [row.position for row in facts.of("posting_stopped") if row.event.held_by == holder]
        reports = [row for row in facts.of("watchdog_reported") if row.event.worker_id == holder]
        signs += [row.position for row in reports]
        last = max(position for position in signs if position < over.position)
        missed = _reports_between(facts, last, over)
        if missed < REPORTS_MISSED and any(row.position > over.position for row in reports):
            yield f"{over.position} takes back the flag of a live worker, {missed} reports missed"


def _reports_between(facts: Facts, last: int, over: Recorded[Any]) -> int:
    """Return how many reports the busiest other worker made between the two positions."""
    others = Counter(
        row.event.worker_id
        for row in facts.of("watchdog_reported")
        if last < row.position < over.position
    )
    return max(others.values(), default=0)
