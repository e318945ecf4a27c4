"""The main job as a stranger sees it: played once, then asked about."""

from __future__ import annotations

import re

import psycopg
import pytest

from tests.acceptance.conftest import Played

pytestmark = [pytest.mark.postgres, pytest.mark.browser, pytest.mark.slow]

CHAIN = (
    "candidate_evaluation_id",
    "queue_id",
    "scheduler_run_id",
    "decision_id",
    "permit_id",
    "posted_id",
)


def replies(played: Played) -> list[str]:
    return re.findall(r"posted and seen: (\S+)", played.printed)


def ghost(played: Played) -> str:
    found = re.search(r"GHOST: (\S+)", played.printed)
    assert found, played.printed
    return found[1]


def test_the_demo_ends_well(played: Played) -> None:
    assert played.exit_code == 0, played.printed
    assert len(replies(played)) >= 3
    assert "OPERATIONAL  (forum" in played.printed
    assert "every promise holds" in played.printed


def test_every_reply_is_explained_to_its_first_cause(played: Played) -> None:
    for url in replies(played)[:3]:
        told = played.json("why", url)

        assert told["verdict"] == "explained"
        assert told["missing"] == []
        assert all(told["chain"][name] for name in CHAIN)
        assert told["permit"]["status"] == "confirmed"
        assert told["permit"]["target_is_root"] is True
        assert told["cost_usd"] > 0
        types = [event["type"] for event in told["events"]]
        assert types[0] == "job_due"
        assert types.index("click_attempt") < types.index("posting_success")
        assert [e["position"] for e in told["events"]] == sorted(
            e["position"] for e in told["events"]
        )


def test_the_planted_post_is_a_ghost_and_says_what_is_missing(played: Played) -> None:
    told = played.json("why", ghost(played))

    assert told["verdict"] == "ghost"
    assert "permit" in told["missing"]
    assert "click_attempt" in told["missing"]


def test_the_picture_was_taken(played: Played) -> None:
    picture = (played.folder / ".ghostproof" / "demo-reply.png").read_bytes()

    assert picture.startswith(b"\x89PNG")


def test_a_rebuilt_view_does_not_drift(played: Played) -> None:
    assert played.ask("rebuild", "queue").returncode == 0

    told = played.ask("drift", "--json")

    assert told.returncode == 0, told.stdout


def test_audit_names_an_altered_event(played: Played) -> None:
    """With the triggers off and the checks dropped, an owner can write; the audit sees where."""
    assert played.json("audit")["ok"] is True
    with psycopg.connect(played.admin_url) as connection:
        connection.execute("alter table gp.log disable trigger user")
        connection.execute("alter table gp.log drop constraint body_hash_fits")
        connection.execute(
            "update gp.log set body = replace(convert_from(body, 'utf8'), 'fetch', 'fetxh')::bytea"
            " where account = 'forum' and position ="
            " (select min(position) from gp.log where account = 'forum' and type = 'job_due')"
        )
        cursor = connection.execute(
            "select min(position) from gp.log where account = 'forum' and type = 'job_due'"
        )
        altered = (cursor.fetchone() or (None,))[0]

    audit = played.ask("audit", "--json")

    assert audit.returncode == 1
    assert f'"first_violation":{altered}' in audit.stdout
