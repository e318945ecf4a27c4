"""The certification table, case by case."""

from __future__ import annotations

from datetime import timedelta

import pytest

from replay.certification import Certificate, Certified, Question, certify
from replay.moment import Moment
from schema.errors import BadInput
from schema.events.ghosts import GhostAcknowledged, PostPredatesLog
from schema.events.operations import (
    PostingStopped,
    SettingsChanged,
    StopSource,
    WorkerStopped,
)
from schema.events.posting import ClickBlocked, ClickNotSent, NotSentReason, PostingSuccess, Via
from schema.ids import ReadingId, named
from schema.rules import PermitRules, Rules, WatchRules
from tests.doubles.production import Production
from tests.doubles.story import ACCOUNT, SHA, WORKER, Story


async def certified(story: Story, **asked: object) -> Certificate:
    question = Question(**({"now": story.now} | asked))  # type: ignore[arg-type]
    return await certify(story.store, ACCOUNT, question)


def failed(found: Certificate) -> str:
    return "".join(check.id for check in found.checks if check.status == "fail")


@pytest.fixture
def healthy() -> Story:
    story = Story()
    story.healthy()
    return story


async def test_a_healthy_log_is_operational(healthy: Story) -> None:
    found = await certified(healthy)
    assert failed(found) == ""
    assert (found.verdict, found.exit_code, found.blocker) == (Certified.OPERATIONAL, 0, None)


async def test_another_build_running_is_not_operational(healthy: Story) -> None:
    found = await certified(healthy, expect_sha="b" * 40)
    assert failed(found) == "A"
    assert (found.verdict, found.exit_code, found.blocker) == (Certified.NOT, 2, "sha")


async def test_an_abbreviated_sha_names_the_build(healthy: Story) -> None:
    assert failed(await certified(healthy, expect_sha="aaaaaaa")) == ""


async def test_a_silent_worker_blocks_before_what_depends_on_it(healthy: Story) -> None:
    healthy.later(minutes=40)
    found = await certified(healthy)
    assert failed(found) == "BCE"
    assert found.blocker == "worker"
    assert "ghostproof run" in found.next_action


async def test_a_short_queue_is_partial(healthy: Story) -> None:
    healthy.later(hours=25)
    healthy.watched()
    for _ in range(3):
        healthy.fetched()
    found = await certified(healthy)
    assert failed(found) == "DE"
    assert (found.verdict, found.exit_code, found.blocker) == (Certified.PARTIALLY, 1, "queue")


async def test_a_ghost_is_the_last_blocker_until_a_person_answers(healthy: Story) -> None:
    ghost = healthy.haunted()
    found = await certified(healthy)
    assert (failed(found), found.blocker, found.exit_code) == ("G", "ghost", 2)
    assert found.checks[-1].evidence == (ghost.position,)
    healthy.say(GhostAcknowledged(posted_id="c-ghost", why="mine", by="me"), approver=True)
    assert failed(await certified(healthy)) == ""


async def test_the_past_is_judged_as_it_was(healthy: Story) -> None:
    before = healthy.rows[-1]
    healthy.haunted()
    for until in (Moment(position=before.position), Moment(at=before.at)):
        assert failed(await certified(healthy, until=until)) == ""


async def test_ghosts_before_the_boot_are_counted_apart() -> None:
    story = Story()
    story.haunted()
    story.later(days=2)
    story.healthy()
    found = await certified(story)
    assert failed(found) == ""
    assert found.checks[-1].detail.endswith("since boot; older ghosts 1")
    assert failed(await certified(story, since=Moment(position=0))) == "G"


async def test_posts_from_before_the_log_are_no_ghosts(healthy: Story) -> None:
    healthy.say(
        PostPredatesLog(
            reading_id=ReadingId(named("reading")), posted_id="c-old", url="u", posted_at=None
        )
    )
    check = (await certified(healthy)).checks[-1]
    assert (check.status, check.detail.rpartition("; ")[2]) == (
        "pass",
        "posts from before the log 1",
    )


@pytest.mark.parametrize(("reason", "blocked"), [(one, one == "denied") for one in NotSentReason])
async def test_of_clicks_not_sent_only_a_denied_one_is_a_blocked_attempt(
    healthy: Story, reason: NotSentReason, blocked: bool
) -> None:
    healthy.later(minutes=5)
    attempt = healthy.attempted("other")
    healthy.say(ClickNotSent(**healthy.ids, spends=attempt.event_id, reason=reason), attempt)
    found = await certified(healthy)
    assert failed(found) == ("G" if blocked else "")
    assert ("click_not_sent" in found.next_action) is blocked


async def test_a_click_that_postgresql_refused_is_a_blocked_attempt(healthy: Story) -> None:
    healthy.permitted("other")
    refused = healthy.say(ClickBlocked(**healthy.ids, code="GP010", reason="no approval"))
    assert (await certified(healthy)).checks[-1].evidence == (refused.position,)


async def test_a_refused_source_is_a_blocked_attempt(healthy: Story) -> None:
    healthy.foreign("other")
    assert failed(await certified(healthy)) == "G"


async def test_no_reply_since_the_boot_is_partial() -> None:
    story = Story()
    story.replied("marta")
    story.later(minutes=1)
    story.booted()
    found = await certified(story)
    assert "F" in failed(found)


async def test_shadow_mode_needs_no_reply() -> None:
    story = Story()
    story.booted()
    story.say(SettingsChanged(rules=Rules(mode="shadow"), rules_hash="0"), approver=True)
    check = (await certified(story)).checks[5]
    assert (check.id, check.status) == ("F", "not applicable")


async def test_a_worker_of_another_build_is_named(healthy: Story) -> None:
    healthy.watched(sha="c" * 40)
    check = (await certified(healthy)).checks[0]
    assert check.status == "fail"
    assert f"{'c' * 40} runs, expected" in check.detail


async def test_a_worker_that_stopped_does_not_count_beside_one_that_runs(healthy: Story) -> None:
    healthy.say(WorkerStopped(worker_id=WORKER, reason="drained"))
    healthy.watched("b" * 40, named("successor"))
    assert failed(await certified(healthy, expect_sha="b" * 40)) == ""


async def test_where_none_runs_an_expected_build_that_never_came_is_missed(healthy: Story) -> None:
    healthy.say(WorkerStopped(worker_id=WORKER, reason="drained"))
    assert failed(await certified(healthy)) == ""
    found = await certified(healthy, expect_sha="b" * 40)
    assert (failed(found), found.blocker) == ("A", "sha")
    assert "ran last" in found.checks[0].detail


async def test_the_settings_name_the_expected_build(healthy: Story) -> None:
    rules = Rules(watch=WatchRules(expected_sha="b" * 40))
    healthy.say(SettingsChanged(rules=rules, rules_hash="0"), approver=True)
    assert failed(await certified(healthy)) == "A"
    assert failed(await certified(healthy, expect_sha=SHA)) == ""


async def test_a_build_without_a_name_is_told_apart(healthy: Story) -> None:
    healthy.booted("unknown")
    healthy.watched("unknown")
    assert "A" not in failed(await certified(healthy))
    found = await certified(healthy, expect_sha="b" * 40)
    assert (found.blocker, "GIT_SHA" in found.next_action) == ("sha", True)


async def test_while_posting_is_stopped_the_next_action_is_to_allow_it() -> None:
    afternoon = Production(Story())
    afternoon.boot()
    afternoon.run(35, slot="permitted")
    afternoon.story.say(PostingStopped(source=StopSource.FILE, why="w", by="me"))
    found = await certified(afternoon.story)
    assert (failed(found), found.blocker) == ("F", "post")
    assert found.next_action.startswith("posting is stopped (file): `ghostproof allow-posting")


async def test_while_posting_is_stopped_missing_permits_say_so_too() -> None:
    afternoon = Production(Story())
    afternoon.boot()
    afternoon.run(35, slot="empty")
    afternoon.story.say(PostingStopped(source=StopSource.FILE, why="w", by="me"))
    found = await certified(afternoon.story)
    assert found.blocker == "permit"
    assert found.next_action.startswith("posting is stopped (file)")


@pytest.mark.parametrize(
    ("new", "ok", "says"),
    [
        (0, True, "fetching brings nothing new"),
        (1, True, "see why candidates fall"),
        (0, False, "see why candidates fall"),
    ],
)
async def test_a_queue_that_runs_dry_says_where_to_look(new: int, ok: bool, says: str) -> None:
    afternoon = Production(Story())
    afternoon.boot()
    afternoon.run(30, slot="permitted", found=0)
    for _ in range(3):
        afternoon.story.fetched(new=new, ok=ok)
    found = await certified(afternoon.story)
    assert found.blocker == "queue"
    assert found.next_action.startswith(says)


async def test_a_reply_that_lacks_one_of_its_ids_is_not_enough() -> None:
    story = Story()
    story.booted()
    attempt = story.attempted("marta")
    story.say(
        PostingSuccess(
            **(story.ids | {"evaluation_id": None}),
            spends=attempt.event_id,
            posted_id="c-marta",
            url="u",
            via=Via.RESPONSE,
            text_hash=attempt.event.text_hash,
            posted_at=None,
        ),
        attempt,
    )
    check = (await certified(story)).checks[5]
    assert check.detail == "none since boot: c-marta lacks evaluation_id"


@pytest.mark.parametrize("target", [{"target_is_root": False}, {"target_in_reply_to": "t-1"}])
async def test_a_reply_to_a_reply_is_not_enough(target: dict[str, object]) -> None:
    story = Story()
    story.booted()
    story.replied("marta", **target)
    check = (await certified(story)).checks[5]
    assert check.detail == "none since boot: c-marta does not answer a root post"


async def test_a_whole_reply_counts_however_many_came_after_it() -> None:
    story = Story()
    story.booted()
    story.replied("marta")
    story.later(minutes=6)
    story.replied("olav", target_is_root=False)
    check = (await certified(story)).checks[5]
    assert check.detail == "2 since boot, c-marta with its whole chain"
    kinds = [story.rows[position].type for position in check.evidence]
    assert kinds == ["scheduler_started", "click_attempt", "posting_success"]


async def test_a_reply_from_a_source_off_the_allowlist_is_not_enough(healthy: Story) -> None:
    rules = Rules(permit=PermitRules(reply_sources=("another",)))
    healthy.say(SettingsChanged(rules=rules, rules_hash="0"), approver=True)
    assert failed(await certified(healthy)) == "F"


async def test_nothing_is_asked_of_the_future_or_backwards(healthy: Story) -> None:
    with pytest.raises(BadInput, match="is in the future"):
        await certified(healthy, until=Moment(at=healthy.now + timedelta(seconds=1)))
    with pytest.raises(BadInput, match="is after the moment"):
        await certified(healthy, since=Moment(at=healthy.now + timedelta(seconds=1)))
    with pytest.raises(BadInput, match="no position 5000"):
        await certified(healthy, until=Moment(position=5000))


async def test_an_empty_log_was_never_operational() -> None:
    found = await certified(Story())
    assert failed(found) == "BCDEF"
    assert found.boot is None
