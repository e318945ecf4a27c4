"""What the views show of a played story, by the literals that operators know."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import psycopg
import pytest

from eventstore.store import PostgresStore
from projectors import VIEWS
from projectors.permits import PermitStatus
from schema.ids import named
from tests.doubles.story import ACCOUNT
from tests.operators.conftest import Ask
from tests.postgres_fixtures import Database


def chain(name: str) -> dict[str, str]:
    """Return the ids of a candidate's chain, as texts."""
    kinds = {"evaluation": "evaluation", "queue": "queue", "run": "slot"}
    ids = {kind: str(named(word, name)) for kind, word in kinds.items()}
    return ids | {kind: str(named(kind, name)) for kind in ("decision", "permit")}


def one(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the only row."""
    [row] = rows
    return row


ATTEMPTS = {
    "marta": ("USED", None, "c-marta", None),
    "locked": ("USED", None, "c-locked", None),
    "lost": ("UNKNOWN", None, None, "the connection was cut"),
    "held": ("NOT_SENT", None, None, "deadline"),
    "spam": ("SITE_REJECTED", None, None, "the site calls it spam"),
    "pending": ("PENDING", None, None, None),
    "stray": (
        "REJECTED",
        "invalid_pipeline_source",
        None,
        "invalid_pipeline_source: source=elsewhere allowed=reply_v2_scheduler",
    ),
    "nested": ("REJECTED", "target_not_root", None, "target_not_root: source=elsewhere allowed="),
}


@pytest.mark.parametrize("name", ATTEMPTS)
def test_a_permit_has_the_status_that_operators_know(ask: Ask, name: str) -> None:
    row = one(ask("select * from post_attempts where permit_id = %s", chain(name)["permit"]))
    told = (row["status"], row["reason_code"], row["actual_tweet_id"], row["error_message"])
    assert told == ATTEMPTS[name]
    assert (row["decision_type"], row["target_is_root"]) == ("reply", name != "nested")
    assert row["target_in_reply_to_tweet_id"] == ("t-above" if name == "nested" else None)
    assert (row["run_id"], row["decision_id"]) == (chain(name)["run"], chain(name)["decision"])
    assert (row["target_tweet_id"], row["account"]) == (f"t-{name}", ACCOUNT)


def test_the_source_is_the_one_that_asked(ask: Ask) -> None:
    for view in ("post_attempts", "content_generation_metadata_comprehensive"):
        rows = ask(f"select decision_id, pipeline_source from {view}")
        found = {row["decision_id"]: row["pipeline_source"] for row in rows}
        assert found[chain("marta")["decision"]] == "reply_v2_scheduler"
    stray = ask("select * from post_attempts where decision_id = %s", chain("stray")["decision"])
    assert one(stray)["pipeline_source"] == "elsewhere"


def test_a_used_permit_has_its_times_and_the_beginning_of_its_text(ask: Ask) -> None:
    row = one(ask("select * from post_attempts where actual_tweet_id = 'c-marta'"))
    assert row["created_at"] <= row["approved_at"] <= row["used_at"] <= row["expires_at"]
    assert row["content_preview"] == "a reply to marta"
    attempt = one(
        ask(
            "select created_at from system_events where event_type = 'post_reply_click_attempt'"
            " and event_data ->> 'permit_id' = %s",
            row["permit_id"],
        )
    )
    assert row["used_at"] == attempt["created_at"]


STATUSES = {
    "marta": "posted",
    "locked": "posted",
    "lost": "queued",
    "held": "failed",
    "spam": "failed",
    "pending": "drafting",
    "stray": "cancelled",
    "nested": "cancelled",
}


@pytest.mark.parametrize("name", STATUSES)
def test_content_has_the_status_that_operators_know(ask: Ask, name: str) -> None:
    ids = chain(name)
    full = one(
        ask(
            "select * from content_generation_metadata_comprehensive where decision_id = %s",
            ids["decision"],
        )
    )
    short = one(ask("select * from content_metadata where decision_id = %s", ids["decision"]))
    assert full["status"] == short["status"] == STATUSES[name]
    assert full["decision_type"] == short["decision_type"] == "reply"
    assert (full["candidate_evaluation_id"], full["queue_id"]) == (ids["evaluation"], ids["queue"])
    assert (full["scheduler_run_id"], full["target_tweet_id"]) == (ids["run"], f"t-{name}")
    assert (short["generation_source"], short["target_username"]) == ("real", name)
    assert full["scheduled_at"] == short["scheduled_at"]
    written = f"a reply to {name}" if STATUSES[name] in {"posted", "queued", "failed"} else None
    assert full["content"] == written


def test_evaluations_say_what_passed(ask: Ask) -> None:
    query = "select * from candidate_evaluations where candidate_tweet_id = %s"
    good, dull, risky = (one(ask(query, post)) for post in ("t-marta", "t-dull", "t-risky"))
    assert good["id"] == chain("marta")["evaluation"]
    assert (good["passed_hard_filters"], good["overall_score"]) == (True, 0.9)
    assert good["predicted_tier"] == "A"
    assert (dull["passed_hard_filters"], dull["overall_score"]) == (False, None)
    assert (dull["predicted_tier"], dull["ai_judge_decision"]) == (None, None)
    assert (risky["passed_hard_filters"], risky["ai_judge_decision"]) == (True, "reject")


def test_the_queue_tells_where_each_item_is(ask: Ask) -> None:
    rows = ask("select candidate_tweet_id, status from reply_candidate_queue")
    found = {row["candidate_tweet_id"].removeprefix("t-"): row["status"] for row in rows}
    assert (found["marta"], found["waiting"], found["late"]) == ("posted", "queued", "expired")
    assert found["pending"] == "selected"


def test_a_slot_is_posted_once_its_post_is_confirmed(ask: Ask) -> None:
    rows = {row["id"]: row for row in ask("select * from reply_slo_events")}
    marta, lost, idle = (rows[str(named("slot", name))] for name in ("marta", "lost", "idle"))
    assert (marta["posted"], marta["reason"]) == (True, "decided")
    assert (lost["posted"], lost["reason"]) == (False, "decided")
    assert (idle["posted"], idle["reason"], idle["decision_id"]) == (False, "queue_empty", None)
    assert marta["decision_id"] == chain("marta")["decision"]


def test_a_ghost_says_what_is_missing(ask: Ask) -> None:
    ghost = one(ask("select * from ghost_tweets"))
    assert (ghost["tweet_id"], ghost["content"]) == ("c-ghost", "boo")
    assert ghost["reason"] == "permit_created, click_attempt"
    assert ghost["acknowledged_at"] is None


def test_a_call_to_the_model_has_its_cost_under_both_names(ask: Ask) -> None:
    call = one(ask("select * from llm_usage_log"))
    assert (call["purpose"], call["request_id"], call["model"]) == (
        "target_judge",
        "r-1",
        "gpt-4o-mini",
    )
    assert (call["prompt_tokens"], call["completion_tokens"]) == (100, 20)
    assert (call["cost_usd"], call["status"]) == (Decimal("0.0042"), "ok")
    assert one(ask("select * from api_usage")) == call


def test_only_confirmed_posts_are_posted_decisions(ask: Ask) -> None:
    found = {row["decision_id"]: row["tweet_id"] for row in ask("select * from posted_decisions")}
    assert found == {chain(name)["decision"]: f"c-{name}" for name in ("marta", "locked")}


def test_a_confirmed_post_leads_back_to_its_evaluation(ask: Ask) -> None:
    row = one(
        ask(
            """
            select d.tweet_id, p.status, q.id as queue_id, e.id as evaluation_id, s.posted
            from posted_decisions d
            join post_attempts p using (decision_id)
            join content_generation_metadata_comprehensive c using (decision_id)
            join reply_candidate_queue q on q.id = c.queue_id
            join candidate_evaluations e on e.id = c.candidate_evaluation_id
            join reply_slo_events s on s.decision_id = d.decision_id
            join system_events v on v.event_data ->> 'tweet_id' = d.tweet_id
              and v.event_type = 'posting_success'
            where d.tweet_id = 'c-marta'
            """
        )
    )
    ids = chain("marta")
    expected = {"queue_id": ids["queue"], "evaluation_id": ids["evaluation"], "posted": True}
    assert row == {"tweet_id": "c-marta", "status": "USED"} | expected


def test_what_posts_led_to_and_what_was_learned(ask: Ask) -> None:
    outcome = one(ask("select * from outcomes"))
    assert outcome["decision_id"] == chain("marta")["decision"]
    assert (outcome["simulated"], outcome["impressions"], outcome["er"]) == (False, 200, 0.03)
    arm = one(ask("select * from bandit_arms"))
    assert (arm["arm"], arm["alpha"], arm["beta"], arm["pulls"]) == ("keyword/concise", 3, 4, 5)


@pytest.mark.parametrize("view", VIEWS)
async def test_a_rebuilt_read_model_is_the_live_one(played: Database, view: str) -> None:
    async with played.store() as store:
        live = await _rows(store, view)
        await store.rebuild_view(VIEWS[view], ACCOUNT)
        assert await _rows(store, view) == live


NAMES = {
    "created": "PENDING",
    "approved": "APPROVED",
    "rejected": "REJECTED",
    "expired": "EXPIRED",
    "revoked": "REVOKED",
    "spent": "SPENT",
    "confirmed": "USED",
    "not_sent": "NOT_SENT",
    "refused": "SITE_REJECTED",
    "unknown": "UNKNOWN",
    "abandoned": "ABANDONED",
}


def test_every_state_of_a_permit_has_the_name_that_operators_know(played: Database) -> None:
    change = "update gp.view_permits set status = %s where posted_id = 'c-marta'"
    query = "select status from operators.post_attempts where actual_tweet_id = 'c-marta'"
    found = {}
    with psycopg.connect(played.admin_url) as connection:
        for status in PermitStatus:
            connection.execute(change, [status.value])
            (found[status.value],) = connection.execute(query).fetchone() or ("",)
        connection.rollback()
    assert found == NAMES


async def test_a_row_that_somebody_changed_is_noticed(played: Database) -> None:
    change = "update gp.view_content set status = 'posted' where status = 'queued' returning 1"
    async with played.store() as store:
        with psycopg.connect(played.admin_url) as connection:
            assert connection.execute(change).fetchall()
        live = await _rows(store, "content")
        await store.rebuild_view(VIEWS["content"], ACCOUNT)
        assert await _rows(store, "content") != live


async def _rows(store: PostgresStore, view: str) -> list[Any]:
    return await store.view_rows(VIEWS[view], ACCOUNT)
