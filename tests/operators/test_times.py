"""The times in the views are those of the events: each column has one, and no other."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.operators.conftest import Ask
from tests.operators.test_rows import chain, one

APPROVED_S = 1800
DECISIONS = ("content_metadata", "content_generation_metadata_comprehensive")
OF = {
    "post_attempts": ("permit_id", "permit"),
    "reply_candidate_queue": ("id", "queue"),
    "reply_slo_events": ("id", "run"),
    "content_metadata": ("decision_id", "decision"),
    "content_generation_metadata_comprehensive": ("decision_id", "decision"),
    "candidate_evaluations": ("id", "evaluation"),
    "posted_decisions": ("decision_id", "decision"),
    "outcomes": ("decision_id", "decision"),
}
"""View -> its column with an id of the chain, and which; the others have one row."""


def row_of(ask: Ask, view: str) -> dict[str, Any]:
    """Return the row of Marta's chain."""
    if view not in OF:
        return one(ask(f"select * from {view}"))
    column, kind = OF[view]
    return one(ask(f"select * from {view} where {column} = %s", chain("marta")[kind]))


def event(ask: Ask, name: str) -> dict[str, Any]:
    """Return the only event of this name in Marta's chain, or at all."""
    ids = chain("marta").values()
    own = ("permit_id", "decision_id", "scheduler_run_id", "queue_id", "evaluation_id")
    rows = ask("select created_at, event_data from system_events where event_type = %s", name)
    named = [row for row in rows if any(row["event_data"].get(key) in ids for key in own)]
    return one(named or rows)


@pytest.mark.parametrize(
    ("view", "column", "name"),
    [
        ("post_attempts", "created_at", "permit_created"),
        ("post_attempts", "approved_at", "permit_approved"),
        ("post_attempts", "used_at", "post_reply_click_attempt"),
        ("reply_candidate_queue", "created_at", "candidate_queued"),
        ("reply_candidate_queue", "selected_at", "candidate_selected"),
        ("reply_slo_events", "created_at", "reply_v2_scheduler_job_started"),
        ("content_metadata", "created_at", "decision_made"),
        ("content_generation_metadata_comprehensive", "created_at", "decision_made"),
        ("candidate_evaluations", "created_at", "candidate_evaluated"),
        ("outcomes", "collected_at", "outcome_recorded"),
        ("bandit_arms", "updated_at", "arm_trained"),
    ],
)
def test_a_time_is_that_of_its_event(ask: Ask, view: str, column: str, name: str) -> None:
    assert row_of(ask, view)[column] == event(ask, name)["created_at"]


@pytest.mark.parametrize(
    ("view", "column", "name", "key"),
    [
        ("reply_candidate_queue", "expires_at", "candidate_queued", "expires_at"),
        ("reply_slo_events", "slot_time", "slot_closed", "slot_time"),
        (
            "content_generation_metadata_comprehensive",
            "scheduled_at",
            "decision_made",
            "scheduled_at",
        ),
        ("posted_decisions", "posted_at", "posting_success", "posted_at"),
    ],
)
def test_a_time_is_the_one_that_its_event_says(
    ask: Ask, view: str, column: str, name: str, key: str
) -> None:
    said = event(ask, name)["event_data"][key]
    assert row_of(ask, view)[column] == datetime.fromisoformat(said)


def test_a_permit_ends_its_time_after_its_approval(ask: Ask) -> None:
    row = row_of(ask, "post_attempts")
    assert row["expires_at"] == row["approved_at"] + timedelta(seconds=APPROVED_S)


def test_a_call_has_the_time_of_its_answer(ask: Ask) -> None:
    calls = ask("select * from system_events where event_type = 'model_called'")
    [answered] = [one for one in calls if one["event_data"]["request_id"] == "r-1"]
    assert row_of(ask, "llm_usage_log")["timestamp"] == answered["created_at"]
