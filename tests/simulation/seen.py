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

DETAILS = {
    "slot_closed": ("slot", "reason"),
    "click_not_sent": ("not sent:", "reason"),
    "permit_revoked": ("revoked:", "reason"),
    "click_deferred": ("deferred:", "reason"),
    "ghost_detected": ("ghost", "kind"),
    "posting_success": ("via", "via"),
    "alert_raised": ("alert", "alert"),
    "outcome_unavailable": ("unavailable:", "reason"),
    "planning_skipped": ("not planned:", "reason"),
    "decision_made": ("decided", "decision_type"),
}
"""Type -> words and the field that says which of its kind it is."""

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
    | {"probe_started", "probe_completed", "probe_put_off", "tree_head", "proof_rolled_up"}
    | {"alert_raised", "alert_cleared", "alert_delivered", "alert_undelivered"}
    | {f"alert {kind}" for kind in ("ghost", "work_parked", "fetch_unfinished", "sha_unexpected")}
    | {"outcome_recorded", "metrics_read_failed", "arms_trained", "training_skipped"}
    | {f"unavailable: {reason}" for reason in ("gone", "locked")}
    | {f"not planned: {reason}" for reason in ("no_topics", "site_has_no_form_for_originals")}
    | {
        "decided single",
        "an original was confirmed",
        "an outcome came from the spool",
        "an attempt was never acknowledged",
    }
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
        if row.type == "posting_success" and row.event.target_post_id is None:
            seen.happened["an original was confirmed"] += 1
        if (detail := _detail(row)) is not None:
            seen.happened[detail] += 1
    if scene.server.unacknowledged:
        seen.happened["an attempt was never acknowledged"] += 1
    return seen


def _detail(row: Recorded[Any]) -> str | None:
    if row.type not in DETAILS:
        return None
    words, name = DETAILS[row.type]
    return f"{words} {getattr(row.event, name)}"


def log_hash(scene: Scene) -> str:
    """Hash the whole log: the same seed must give the same."""
    digest = hashlib.sha256()
    log = scene.server.log(scene.account)
    for row, body in zip(log.rows, log.bodies, strict=True):
        place = (row.position, str(row.event_id), row.at.isoformat(), row.actor, row.spends)
        digest.update(msgspec.json.encode(place) + body)
    return digest.hexdigest()
