"""The metrics' names are pinned: a dashboard or an alert rule somewhere goes by each."""

from __future__ import annotations

import re
from pathlib import Path

from edge.health.names import ALL, Kind

DOCS = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
PINNED = {
    "ghostproof_alerts_active": ("account", "severity"),
    "ghostproof_appends_refused_total": ("code",),
    "ghostproof_backlog_orders": ("queue", "state"),
    "ghostproof_build_info": ("version", "git_sha"),
    "ghostproof_click_attempts_total": ("account",),
    "ghostproof_click_outcomes_total": ("account", "outcome"),
    "ghostproof_clicks_blocked_total": ("account", "code"),
    "ghostproof_database_up": (),
    "ghostproof_events_appended_total": ("account", "type"),
    "ghostproof_ghosts": ("account", "state"),
    "ghostproof_lag_events": ("account", "consumer"),
    "ghostproof_last_event_age_seconds": ("account",),
    "ghostproof_model_calls_total": ("account", "purpose", "outcome"),
    "ghostproof_model_circuit_open": ("account",),
    "ghostproof_model_cost_usd_total": ("account", "purpose"),
    "ghostproof_model_tokens_total": ("account", "purpose", "direction"),
    "ghostproof_orders_parked": ("account",),
    "ghostproof_permits": ("account", "state"),
    "ghostproof_permits_rejected_total": ("account", "reason"),
    "ghostproof_posting_stopped": ("account",),
    "ghostproof_proof_age_seconds": ("account",),
    "ghostproof_queue_items": ("account",),
    "ghostproof_ready": (),
    "ghostproof_worker_beat_age_seconds": (),
    "ghostproof_worker_phase": ("phase",),
}


def test_no_released_name_changes() -> None:
    assert {metric.name: metric.labels for metric in ALL} == PINNED


def test_a_counter_is_named_like_one_and_nothing_else_is() -> None:
    for metric in ALL:
        assert metric.name.endswith("_total") is (metric.kind is Kind.COUNTER)


def test_the_table_of_the_docs_is_the_same() -> None:
    rows = re.findall(r"^\| `(ghostproof_\w+)` \| (\w+) \| (.*?) \| (.*?) \|$", DOCS, re.MULTILINE)
    told = {name: (kind, labels.replace("`", ""), means) for name, kind, labels, means in rows}
    assert told == {
        metric.name: (metric.kind, ", ".join(metric.labels) or "-", metric.means) for metric in ALL
    }
