"""What a run has seen: faults, deaths, events, transitions; and what every run must see."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import msgspec

from schema.contracts import Recorded
from schema.law import LEGAL_MOVES
from tests.simulation.faults import ODDS
from tests.simulation.scene import Scene

NEVER_MADE = {
    "permit_created -> permit_expired": "a created permit lives as long as its queue item",
}
"""Lawful transitions that no rule makes, and why."""

STEPS_MIN = 25
"""Workers must have died at so many differently named steps."""

SOMETIMES = frozenset(
    {f"{spent} -> {name}" for name, spends in LEGAL_MOVES.items() for spent in spends}
    - NEVER_MADE.keys()
    | {f"slot {reason}" for reason in ("decided", "queue_empty", "rate_limited")}
    | {f"not sent: {reason}" for reason in ("posting_stopped", "commit_unknown")}
    | {f"not sent: {reason}" for reason in ("composer_changed", "gate", "deadline")}
    | {f"revoked: {reason}" for reason in ("posting_stopped", "posting_failed", "draft_rejected")}
    | {"ghost unexplained", "ghost duplicate", "via response", "via reconciliation"}
    | {"deferred: superseded", "deferred: rate_limited", "deferred: posting_stopped"}
    | {"worker_stopped", "message_parked", "post_disappeared", "post_predates_log"}
    | {"an outcome came from the spool", "an attempt was never acknowledged"}
)
"""What a run of many seeds must have seen at least once; else it tested less than it says."""


@dataclass
class Seen:
    """Counts of one seed, or of many added up."""

    seeds: int = 0
    hours: float = 0.0
    events: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    died_at: Counter[str] = field(default_factory=Counter)
    happened: Counter[str] = field(default_factory=Counter)

    def add(self, other: Seen) -> None:
        """Add what another has seen."""
        self.seeds += other.seeds
        self.hours += other.hours
        self.events += other.events
        self.faults.update(other.faults)
        self.died_at.update(other.died_at)
        self.happened.update(other.happened)

    def missing(self) -> list[str]:
        """Name what a long run should have seen and has not."""
        never = [f"fault {kind}" for kind in ODDS if not self.faults[kind]]
        never += sorted(what for what in SOMETIMES if not self.happened[what])
        if len(self.died_at) < STEPS_MIN:
            never.append(f"death at {STEPS_MIN} named steps, only {len(self.died_at)}")
        return never


def seen_in(scene: Scene) -> Seen:
    """Count what one played scene has seen."""
    rows = scene.server.log(scene.account).rows
    seen = Seen(1, scene.hours, len(rows), Counter(scene.faults.struck))
    for steps in scene.all_steps:
        seen.died_at.update(steps.killed_at)
    for row in rows:
        seen.happened[row.type] += 1
        if row.spends is not None:
            seen.happened[f"{rows[row.spends].type} -> {row.type}"] += 1
        if row.actor == "spool":
            seen.happened["an outcome came from the spool"] += 1
        if (detail := _detail(row)) is not None:
            seen.happened[detail] += 1
    if scene.server.unacknowledged:
        seen.happened["an attempt was never acknowledged"] += 1
    return seen


def _detail(row: Recorded[Any]) -> str | None:
    match row.type:
        case "slot_closed":
            return f"slot {row.event.reason}"
        case "click_not_sent":
            return f"not sent: {row.event.reason}"
        case "permit_revoked":
            return f"revoked: {row.event.reason}"
        case "click_deferred":
            return f"deferred: {row.event.reason}"
        case "ghost_detected":
            return f"ghost {row.event.kind}"
        case "posting_success":
            return f"via {row.event.via}"
        case _:
            return None


def log_hash(scene: Scene) -> str:
    """Hash the whole log: the same seed must give the same."""
    digest = hashlib.sha256()
    log = scene.server.log(scene.account)
    for row, body in zip(log.rows, log.bodies, strict=True):
        place = (row.position, str(row.event_id), row.at.isoformat(), row.actor, row.spends)
        digest.update(msgspec.json.encode(place) + body)
    return digest.hexdigest()
