"""The log under the operators' names: types, keys, severities, and what was erased."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.rows import dict_row

from eventstore.store import PostgresStore
from schema.catalogue import EVENT_TYPES
from schema.contracts import Command, NewEvent
from schema.events.operations import PayloadErased, Severity
from schema.ids import EventId, named
from schema.severity import SEVERITIES
from tests.doubles.story import ACCOUNT, SHA
from tests.operators.conftest import Ask
from tests.postgres_fixtures import ME, Database
from tests.store.chains import Chain, caps, given

NAMED = {
    "fetch_started": "reply_v2_fetch_job_started",
    "fetch_completed": "reply_v2_fetch_job_completed",
    "fetch_failed": "reply_v2_fetch_job_failed",
    "full_cycle_completed": "reply_v2_full_cycle_completed",
    "scheduler_started": "reply_v2_scheduler_job_started",
    "probe_started": "reply_v2_probe_started",
    "probe_completed": "reply_v2_probe_result",
    "proof_rolled_up": "production_proof_rollup",
    "worker_started": "production_watchdog_boot",
    "watchdog_reported": "production_watchdog_report",
}
"""Our tag -> the operators' name, whatever the event says."""

KEYS = {
    "reply_v2_scheduler_job_started": {"scheduler_run_id", "slot_time"},
    "production_watchdog_boot": {"git_sha"},
    "permit_rejected_invalid_pipeline_source": {
        "permit_id",
        "decision_id",
        "pipeline_source",
        "allowed_sources",
        "reason_code",
    },
    "permit_rejected_target_not_root": {"permit_id", "reason_code"},
    "ghost_detected": {"tweet_id", "detection_time", "posted_id", "detected_at"},
    "posting_success": {"tweet_id", "decision_id", "permit_id"},
    "post_reply_click_attempt": {"decision_id", "permit_id", "target_post_id"},
    "production_proof_rollup": {
        "fetch_started_15m",
        "fetch_completed_15m",
        "queue_size",
        "scheduler_started_60m",
        "permits_created_60m",
        "permits_used_60m",
        "posted_tweet_ids_last_2h",
        "new_ghosts_last_2h",
        "unknown_outcomes",
        "last_error_event",
        "running_sha",
        "log_position",
        "log_root_hash",
    },
    "production_watchdog_report": {"git_sha", "lag", "backlog", "queue_size"},
    "reply_v2_probe_started": {"git_sha", "scheduler_run_id"},
    "reply_v2_probe_result": {"ok", "missing", "permit_id"},
    "reply_v2_fetch_job_started": {"run_id"},
    "reply_v2_fetch_job_completed": {"run_id", "ok"},
}
"""Operators' name -> keys of event_data that their queries use."""


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_an_event_has_the_operators_name_or_its_own(shared_database: Database, tag: str) -> None:
    with psycopg.connect(shared_database.reader_url) as connection:
        query = "select gp.event_name(%s, null, '{}')"
        assert connection.execute(query, [tag]).fetchone() == (NAMED.get(tag, tag),)


@pytest.mark.parametrize("tag", EVENT_TYPES)
def test_an_event_is_as_bad_in_sql_as_in_the_rules(shared_database: Database, tag: str) -> None:
    with psycopg.connect(shared_database.reader_url) as connection:
        found = connection.execute("select gp.event_severity(%s, '{}')", [tag]).fetchone()
    assert found == (str(SEVERITIES.get(tag, Severity.INFO)),)


@pytest.mark.parametrize("severity", Severity)
def test_an_alert_is_as_bad_as_it_says(shared_database: Database, severity: Severity) -> None:
    body = f'{{"severity": "{severity}"}}'
    query = "select gp.event_severity('alert_raised', %s), gp.event_severity('alert_cleared', %s)"
    with psycopg.connect(shared_database.reader_url) as connection:
        found = connection.execute(query, [body.encode()] * 2).fetchone()
    assert found == (str(severity), "info")


@pytest.mark.parametrize("name", KEYS)
def test_an_events_data_has_the_keys_that_operators_use(ask: Ask, name: str) -> None:
    rows = ask("select event_data from system_events where event_type = %s", name)
    assert rows
    for row in rows:
        assert row["event_data"].keys() >= KEYS[name]
        assert "type" not in row["event_data"]


def test_values_are_the_events_own(ask: Ask) -> None:
    [boot] = ask("select * from system_events where event_type = 'production_watchdog_boot'")
    assert boot["event_data"]["git_sha"] == SHA
    [ghost] = ask("select * from system_events where event_type = 'ghost_detected'")
    assert ghost["event_data"]["tweet_id"] == "c-ghost"
    assert ghost["event_data"]["detection_time"] == ghost["event_data"]["detected_at"]
    assert (ghost["severity"], ghost["account"]) == ("critical", ACCOUNT)
    [slot] = ask(
        "select * from system_events where event_type = 'reply_v2_scheduler_job_started'"
        " and event_data ->> 'scheduler_run_id' = %s",
        str(named("slot", "idle")),
    )
    assert slot["event_data"]["slot_time"] == slot["event_data"]["slot"]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("click_not_sent", "deadline"),  # its reason
        ("reply_v2_probe_started", "a new build"),  # why it is so
        ("outcome_unknown", "the connection was cut"),  # its detail
        ("production_watchdog_boot", "production watchdog boot"),  # nothing but its name
    ],
)
def test_an_event_says_in_words_what_it_can(ask: Ask, name: str, message: str) -> None:
    rows = ask("select message from system_events where event_type = %s", name)
    assert [row["message"] for row in rows] == [message]


def test_a_refusal_for_its_source_is_critical_and_says_why(ask: Ask) -> None:
    query = "select * from system_events where event_type = %s"
    [stray] = ask(query, "permit_rejected_invalid_pipeline_source")
    assert (stray["severity"], stray["event_data"]["allowed_sources"]) == (
        "critical",
        ["reply_v2_scheduler"],
    )
    assert stray["message"].startswith("invalid_pipeline_source: source=elsewhere")
    [nested] = ask(query, "permit_rejected_target_not_root")
    assert nested["severity"] == "info"


def test_a_migration_is_an_event_with_its_git_sha(ask: Ask) -> None:
    query = "select event_data ->> 'git_sha' as sha from system_events where event_type = %s"
    assert ask(query, "migration_0001_head_applied") == [{"sha": "0" * 40}]


async def test_a_click_for_an_original_post_is_no_reply(
    store: PostgresStore, database: Database
) -> None:
    chain = Chain(target=None, author=None)
    await given(store, caps(), chain.created(), chain.approved(), chain.drafted(), chain.click())
    assert _names(database)[-1] == "click_attempt"


async def test_what_was_erased_is_null_and_the_row_stays(
    store: PostgresStore, database: Database
) -> None:
    await given(store, caps(), Chain().created(), Chain().rejected())
    erased = PayloadErased(position=2, why="asked for", by="me")
    new = NewEvent(EventId(named("erasing")), erased)
    await store.append(ME, [Command((new,))], actor="test", approver=True)
    with psycopg.connect(database.approver_url, autocommit=True) as connection:
        assert connection.execute("select gp.erase('me', 2)").fetchone() == (True,)
    with psycopg.connect(database.reader_url, row_factory=dict_row) as connection:
        query = "select * from operators.system_events where account = 'me' and \"position\" = 2"
        [row] = connection.execute(query).fetchall()
    assert (row["event_type"], row["event_data"]) == ("permit_rejected", None)
    assert (row["severity"], row["message"]) == ("info", "permit rejected")


def _names(database: Database) -> list[str]:
    query = "select event_type from operators.system_events where account = 'me' order by position"
    with psycopg.connect(database.reader_url) as connection:
        return [name for (name,) in connection.execute(query).fetchall()]
