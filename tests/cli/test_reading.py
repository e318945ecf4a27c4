"""The reading commands: JSON of a fixed shape, text for people, exit codes that mean something."""

from __future__ import annotations

import pytest

from handlers import ALL
from projectors import VIEWS
from replay.flow import parts_of
from schema.catalogue import ROUTES
from schema.events.ghosts import GhostAcknowledged
from schema.events.posting import OutcomeAbandoned, OutcomeUnknown
from schema.ids import Account
from tests.cli.conftest import Ask
from tests.doubles.story import ACCOUNT, Story


def test_why_says_everything_in_one_object(ask: Ask, story: Story) -> None:
    story.replied("marta")
    answer = ask("why", "c-marta", "--json")
    assert answer.code == 0
    found = answer.json
    assert (found["post_id"], found["verdict"], found["missing"]) == ("c-marta", "explained", [])
    assert set(found["chain"]) == {
        "candidate_evaluation_id",
        "queue_id",
        "scheduler_run_id",
        "decision_id",
        "permit_id",
        "posted_id",
    }
    assert found["permit"]["status"] == "confirmed"
    assert found["permit"]["reason_code"] is None
    assert found["permit"]["target_is_root"] is True
    assert found["permit"]["target_in_reply_to"] is None
    assert {"position", "type", "at"} <= set(found["events"][0])
    assert found["cost_usd"] == pytest.approx(0.001)


def test_why_takes_an_address(ask: Ask, story: Story) -> None:
    story.replied("marta")
    assert ask("why", "http://site/c/marta").out.startswith("c-marta: EXPLAINED")


def test_a_ghost_exits_1_and_an_unknown_post_3(ask: Ask, story: Story) -> None:
    story.haunted()
    ghost, unknown = ask("why", "c-ghost", "--json"), ask("why", "c-other", "--json")
    assert (ghost.code, ghost.json["verdict"]) == (1, "ghost")
    assert ghost.json["missing"] == ["permit_created", "click_attempt"]
    assert (unknown.code, unknown.json["verdict"]) == (3, "unknown")


def test_trace_takes_any_id_of_the_chain(ask: Ask, story: Story) -> None:
    post = story.replied("marta").event
    ids = [post.candidate_id, post.evaluation_id, post.queue_id, post.decision_id, post.permit_id]
    answers = [ask("trace", str(one), "--json") for one in (*ids, "c-marta", "t-marta")]
    assert {answer.code for answer in answers} == {0}
    assert len({str(answer.json["events"]) for answer in answers}) == 1


def test_events_are_the_newest_and_of_the_type_asked_for(ask: Ask, story: Story) -> None:
    story.replied("marta")
    answer = ask("events", "--type", "job_due", "--limit", "1", "--json")
    (event,) = answer.json["events"]
    assert (event["type"], event["event"]["job"]) == ("job_due", "schedule")
    late = ask("events", "--since", str(event["position"]), "--json").json["events"]
    assert late[0]["position"] == event["position"]
    assert len(ask("events", "--limit", "3", "--json").json["events"]) == 3


@pytest.mark.parametrize("view", VIEWS)
def test_a_view_as_of_now_is_the_live_one(ask: Ask, story: Story, view: str) -> None:
    story.healthy()
    story.haunted()
    story.store.views.run(VIEWS[view], story.store.log(ACCOUNT))
    live = ask("show", view, "--json").json
    last = ask("show", view, "--at", str(len(story.rows) - 1), "--json").json
    assert (live["view"], live["at"]) == (view, "now")
    assert sorted(map(str, live["rows"])) == sorted(map(str, last["rows"]))
    assert ask("drift", view).code == 0


def test_show_at_a_position_is_not_what_is_now(ask: Ask, story: Story) -> None:
    story.replied("marta")
    attempt = next(row for row in story.rows if row.type == "click_attempt")
    then = ask("show", "permits", "--at", str(attempt.position), "--json").json
    assert (then["view"], then["at"]) == ("permits", str(attempt.position))
    (row,) = then["rows"]
    assert (row["status"], row["posted_id"]) == ("spent", None)
    assert {"permit_id", "decision_id", "pipeline_source", "created_at", "expires_at"} <= set(row)
    (row,) = ask("show", "permits", "--at", "2030-01-01T00:00:00Z", "--json").json["rows"]
    assert (row["status"], row["posted_id"]) == ("confirmed", "c-marta")


def test_certify_exits_with_the_verdict(ask: Ask, story: Story) -> None:
    story.healthy()
    at = story.now.isoformat()
    good = ask("certify", "--at", at, "--json")
    assert (good.code, good.json["verdict"], good.json["blocker"]) == (0, "OPERATIONAL", None)
    assert [check["id"] for check in good.json["checks"]] == list("ABCDEFG")
    assert set(good.json["checks"][0]) >= {"id", "name", "status", "detail", "evidence"}
    story.haunted()
    bad = ask("certify", "--at", str(len(story.rows) - 1))
    assert bad.code == 2
    assert "NOT OPERATIONAL" in bad.out
    assert "blocker: ghost" in bad.out
    assert ask("certify").code == 2


def test_status_shows_a_screen(ask: Ask, story: Story) -> None:
    story.healthy()
    (one,) = ask("status", "--json").json["accounts"]
    assert (one["account"], one["posting"], one["open_ghosts"]) == ("garden", "allowed", 0)
    assert one["next_due"]["fetch"].endswith("Z")
    assert 0 < len(one["runs"]) <= 30
    assert "worker last seen" in ask("status").out


def test_status_counts_an_unknown_outcome_until_it_is_settled(ask: Ask, story: Story) -> None:
    def unknown_outcomes() -> int:
        (one,) = ask("status", "--json").json["accounts"]
        return int(one["unknown_outcomes"])

    spent = story.attempted("marta").event_id
    doubt = story.say(OutcomeUnknown(**story.ids, spends=spent, detail="no answer"))
    assert unknown_outcomes() == 1
    given_up = OutcomeAbandoned(**story.ids, spends=doubt.event_id, readings=5, waited_s=1800)
    story.say(given_up, doubt)
    assert unknown_outcomes() == 0


def test_the_flow_begins_with_the_clock(ask: Ask) -> None:
    assert ask("flow").out.startswith("job_due\n")
    assert ask("flow", "--mermaid").out.startswith("flowchart LR\n")
    parts = ask("flow", "--json").json["parts"]
    assert {"part", "kind", "hears", "says"} == set(parts[0])


def test_every_order_of_the_catalogue_has_a_performer_in_the_flow() -> None:
    acting = [part for part in parts_of(ALL) if part.acts]
    assert sorted(name for part in acting for name in part.hears) == sorted(ROUTES)


def test_the_catalogue_is_a_json_schema(ask: Ask) -> None:
    schema = ask("catalogue", "--json").json
    assert "ClickAttempt" in schema["$defs"]
    assert "### `click_attempt` (version 1)" in ask("catalogue", "--markdown").out


def test_text_from_a_site_moves_no_cursor(ask: Ask, story: Story) -> None:
    story.haunted(text="\x1b[2J\u202eevil")
    story.store.views.run(VIEWS["ghosts"], story.store.log(ACCOUNT))
    for arguments in (("events",), ("show", "ghosts"), ("why", "c-ghost")):
        said = ask(*arguments).out
        assert "evil" in said
        assert "\x1b" not in said
        assert "\u202e" not in said


def test_events_since_a_time_or_a_position_begin_there(ask: Ask, story: Story) -> None:
    story.replied("marta")
    rows = story.rows
    for place in (0, 7, len(rows) - 1):
        for since in (str(place), rows[place].at.isoformat()):
            events = ask("events", "--since", since, "--limit", "999", "--json").json["events"]
            assert [one["position"] for one in events] == list(range(place, len(rows)))
    assert ask("events", "--since", "2999-01-01", "--json").json["events"] == []


def test_following_loses_nothing_between_the_last_look_and_the_first_wait(
    ask: Ask, story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.booted()
    heads = story.store.heads
    waits = []

    async def heads_before_more() -> dict[Account, int]:
        found = await heads()
        story.watched()
        return found

    async def wait(*, timeout_s: float) -> None:
        waits.append(timeout_s)
        raise KeyboardInterrupt

    monkeypatch.setattr(story.store, "heads", heads_before_more)
    monkeypatch.setattr(story.store, "wait", wait)
    answer = ask("events", "--follow")
    assert answer.code == 130
    assert [line.split()[0] for line in answer.out.splitlines()] == ["0", "1"]
    assert len(waits) == 1


def test_a_ghost_is_told_with_the_clicks_around_it_and_what_to_do(ask: Ask, story: Story) -> None:
    story.replied("marta")
    story.haunted()
    out = ask("why", "c-ghost").out
    assert "nothing in this log explains it" in out
    assert "our click before  position" in out
    assert "our click after   none" in out
    assert "`ghostproof ghost attest c-ghost --why …`" in out
    story.say(GhostAcknowledged(posted_id="c-ghost", why="seen", by="me"), approver=True)
    assert "next:" not in ask("why", "c-ghost").out


def test_a_click_is_told_with_what_made_its_post_known(ask: Ask, story: Story) -> None:
    story.replied("marta")
    assert "known by          the answer to its click, 1.0 s after" in ask("why", "c-marta").out
