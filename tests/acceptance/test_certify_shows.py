"""Certification as an operator sees it, over afternoons told into a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from bench.copying import copy
from edge.cli.acting import person
from replay.moment import written
from tests.cli.conftest import Ask, ask, clean
from tests.doubles.production import Production
from tests.doubles.story import SHA, Story
from tests.postgres_fixtures import Database, database, server_url, template

__all__ = ["ask", "clean", "database", "server_url", "template"]

pytestmark = pytest.mark.postgres

Tell = Callable[[Production], None]


@pytest.fixture
def tell(database: Database, monkeypatch: pytest.MonkeyPatch) -> Tell:
    """Write the afternoon, with its own times, into a database that commands open."""
    monkeypatch.setenv("DATABASE_URL", database.app_url)
    monkeypatch.setenv("DATABASE_APPROVER_URL", database.approver_url)
    monkeypatch.setenv("DATABASE_READER_URL", database.reader_url)

    def told(afternoon: Production) -> None:
        rows = ((row.at, row.event) for row in afternoon.story.rows)
        with psycopg.connect(database.admin_url) as connection:
            copy(connection, afternoon.story.account, rows)

    return told


def healthy() -> Production:
    """Tell of 45 minutes of which the last slot brings the first reply."""
    afternoon = Production(Story())
    afternoon.boot()
    afternoon.run(44, slot="permitted")
    afternoon.run(1)
    return afternoon


def at(moment: datetime) -> tuple[str, str]:
    return "--at", written(moment)


def failed(found: Any) -> str:
    return "".join(check["id"] for check in found["checks"] if check["status"] == "fail")


def test_a_healthy_log_is_operational(tell: Tell, ask: Ask) -> None:
    afternoon = healthy()
    tell(afternoon)
    answer = ask("certify", *at(afternoon.now))
    assert (answer.code, answer.err) == (0, "")
    lines = answer.out.splitlines()
    assert [line.split()[0] for line in lines[1:8]] == list("ABCDEFG")
    assert len({line.find("PASS") for line in lines[1:8]}) == 1
    found = ask("certify", *at(afternoon.now), "--json").json
    assert lines[-1] == f"OPERATIONAL  (garden, at {written(afternoon.now)})"
    newest = ", ".join(str(position) for position in found["checks"][3]["evidence"][-5:])
    assert lines[4].endswith(f"…, {newest}")
    assert (found["verdict"], found["blocker"], found["next_action"]) == (
        "OPERATIONAL",
        None,
        "none",
    )


def test_before_the_first_reply_it_is_partly_so(tell: Tell, ask: Ask) -> None:
    afternoon = healthy()
    tell(afternoon)
    reply = next(row for row in afternoon.story.rows if row.type == "posting_success")
    for moment in (written(reply.at - timedelta(milliseconds=1)), str(reply.position - 1)):
        answer = ask("certify", "--at", moment, "--json")
        assert (answer.code, failed(answer.json)) == (1, "F")
        assert (answer.json["verdict"], answer.json["blocker"]) == ("PARTIALLY OPERATIONAL", "post")
    assert "blocker: post (F confirmed reply)" in ask("certify", "--at", moment).out


def test_a_worker_killed_forty_minutes_ago_is_the_blocker(tell: Tell, ask: Ask) -> None:
    afternoon = healthy()
    tell(afternoon)
    report = [row for row in afternoon.story.rows if row.type == "watchdog_reported"][-1]
    answer = ask("certify", *at(afternoon.now + timedelta(minutes=40)), "--json")
    assert (answer.code, failed(answer.json), answer.json["blocker"]) == (2, "BCE", "worker")
    worker = answer.json["checks"][1]
    assert worker["evidence"] == [report.position]
    assert "40 min ago" in worker["detail"]
    assert "ghostproof run" in answer.json["next_action"]
    text = ask("certify", *at(afternoon.now + timedelta(minutes=40))).out.splitlines()
    assert text[-3:] == [
        f"blocker: worker (B worker alive): {worker['detail']}",
        f"evidence: {report.position}",
        f"→ {answer.json['next_action']}",
    ]


def test_a_starved_queue_is_the_blocker_not_what_it_starves(tell: Tell, ask: Ask) -> None:
    afternoon = Production(Story())
    afternoon.boot()
    afternoon.run(30, slot="empty")
    afternoon.starve()
    afternoon.run(30, slot="empty", found=0)
    tell(afternoon)
    answer = ask("certify", *at(afternoon.now), "--json")
    assert (answer.code, failed(answer.json), answer.json["blocker"]) == (1, "DEF", "queue")
    assert answer.json["checks"][3]["evidence"]


def test_an_old_build_is_the_blocker(tell: Tell, ask: Ask) -> None:
    afternoon = healthy()
    tell(afternoon)
    expected = "b" * 40
    answer = ask("certify", *at(afternoon.now), "--expect-sha", expected, "--json")
    assert (answer.code, failed(answer.json), answer.json["blocker"]) == (2, "A", "sha")
    assert f"{SHA} runs, expected {expected}" in answer.json["checks"][0]["detail"]
    assert ask("certify", *at(afternoon.now), "--expect-sha", SHA[:7]).code == 0


def test_an_answer_on_record_is_in_the_log_once(tell: Tell, ask: Ask) -> None:
    afternoon = healthy()
    tell(afternoon)
    size = len(afternoon.story.rows)
    first = ask("certify", *at(afternoon.now), "--record", "--json")
    again = ask("certify", *at(afternoon.now), "--record")
    assert (first.code, first.json["recorded"]) == (0, {"garden": size})
    assert f"recorded in garden at position {size}" in again.out
    (event,) = ask("events", "--type", "certification_recorded", "--json").json["events"]
    assert (event["event"]["verdict"], event["event"]["blocker"]) == ("OPERATIONAL", None)
    assert event["event"]["checks"] == [f"{letter}:pass" for letter in "ABCDEFG"]
    assert datetime.fromisoformat(event["event"]["at"]) == afternoon.now
    assert event["event"]["by"] == person()
