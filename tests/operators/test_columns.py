"""The views have the operators' names, columns and types, and keep them."""

from __future__ import annotations

import pytest

from tests.operators.conftest import Ask

TIME, TEXT, WHOLE, YES_NO = "timestamp with time zone", "text", "integer", "boolean"
NUMBER, MONEY = "double precision", "numeric"
CALL = {
    "purpose": TEXT,
    "request_id": TEXT,
    "model": TEXT,
    "prompt_tokens": WHOLE,
    "completion_tokens": WHOLE,
    "cost_usd": MONEY,
    "status": TEXT,
    "timestamp": TIME,
}

COLUMNS = {
    "system_events": {
        "id": "uuid",
        "created_at": TIME,
        "event_type": TEXT,
        "severity": TEXT,
        "message": TEXT,
        "event_data": "jsonb",
    },
    "candidate_evaluations": {
        "id": TEXT,
        "candidate_tweet_id": TEXT,
        "created_at": TIME,
        "passed_hard_filters": YES_NO,
        "overall_score": NUMBER,
        "predicted_tier": TEXT,
        "ai_judge_decision": TEXT,
    },
    "reply_candidate_queue": {
        "id": TEXT,
        "evaluation_id": TEXT,
        "candidate_tweet_id": TEXT,
        "status": TEXT,
        "predicted_tier": TEXT,
        "created_at": TIME,
        "expires_at": TIME,
        "selected_at": TIME,
    },
    "reply_slo_events": {
        "id": TEXT,
        "scheduler_run_id": TEXT,
        "slot_time": TIME,
        "posted": YES_NO,
        "decision_id": TEXT,
        "reason": TEXT,
        "created_at": TIME,
    },
    "content_generation_metadata_comprehensive": {
        "decision_id": TEXT,
        "decision_type": TEXT,
        "pipeline_source": TEXT,
        "candidate_evaluation_id": TEXT,
        "queue_id": TEXT,
        "scheduler_run_id": TEXT,
        "target_tweet_id": TEXT,
        "status": TEXT,
        "content": TEXT,
        "scheduled_at": TIME,
        "created_at": TIME,
    },
    "content_metadata": {
        "decision_id": TEXT,
        "decision_type": TEXT,
        "generation_source": TEXT,
        "status": TEXT,
        "target_tweet_id": TEXT,
        "target_username": TEXT,
        "scheduled_at": TIME,
        "created_at": TIME,
    },
    "post_attempts": {
        "permit_id": TEXT,
        "decision_id": TEXT,
        "decision_type": TEXT,
        "pipeline_source": TEXT,
        "status": TEXT,
        "target_tweet_id": TEXT,
        "target_is_root": YES_NO,
        "target_in_reply_to_tweet_id": TEXT,
        "reason_code": TEXT,
        "error_message": TEXT,
        "actual_tweet_id": TEXT,
        "content_preview": TEXT,
        "run_id": TEXT,
        "created_at": TIME,
        "approved_at": TIME,
        "used_at": TIME,
        "expires_at": TIME,
    },
    "ghost_tweets": {
        "tweet_id": TEXT,
        "detected_at": TIME,
        "posted_at": TIME,
        "content": TEXT,
        "reason": TEXT,
        "acknowledged_at": TIME,
    },
    "llm_usage_log": CALL,
    "api_usage": CALL,
    "posted_decisions": {"decision_id": TEXT, "tweet_id": TEXT, "posted_at": TIME},
    "outcomes": {
        "decision_id": TEXT,
        "simulated": YES_NO,
        "impressions": WHOLE,
        "likes": WHOLE,
        "replies": WHOLE,
        "er": NUMBER,
        "collected_at": TIME,
    },
    "bandit_arms": {
        "arm": TEXT,
        "alpha": WHOLE,
        "beta": WHOLE,
        "pulls": WHOLE,
        "updated_at": TIME,
    },
}
"""View -> the columns that operators' queries name; there may be more behind them."""


@pytest.mark.parametrize("view", COLUMNS)
def test_a_view_has_its_columns(ask: Ask, view: str) -> None:
    query = """
        select attname, format_type(atttypid, atttypmod) as kind from pg_attribute
        where attrelid = to_regclass(%s) and attnum > 0
    """
    found = {row["attname"]: row["kind"] for row in ask(query, view)}
    assert list(found)[: len(COLUMNS[view])] == list(COLUMNS[view])
    assert found.items() >= (COLUMNS[view] | {"account": TEXT}).items()


def test_there_are_these_views_and_no_others(ask: Ask) -> None:
    query = "select relname from pg_class where relnamespace = 'operators'::regnamespace"
    assert {row["relname"] for row in ask(query)} == set(COLUMNS)
