"""The certification table, case by case."""

from __future__ import annotations

import pytest

from replay.certification import Certificate, Certified, Question, certify
from replay.moment import Moment
from schema.events.ghosts import GhostAcknowledged
from schema.events.operations import SettingsChanged
from schema.events.permitting import PermitRejected, ReasonCode
from schema.rules import Rules
from tests.doubles.story import ACCOUNT, Story


async def certified(story: Story, **asked: object) -> Certificate:
    question = Question(**({"at": story.now} | asked))  # type: ignore[arg-type]
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
    assert failed(found) == "AF"
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
    until = Moment(position=before.position)
    assert failed(await certified(healthy, at=before.at, until=until)) == ""


async def test_ghosts_before_the_boot_do_not_count() -> None:
    story = Story()
    story.haunted()
    story.later(days=2)
    story.healthy()
    assert failed(await certified(story)) == ""
    assert failed(await certified(story, since=Moment(position=0))) == "G"


async def test_a_refused_source_is_a_blocked_attempt(healthy: Story) -> None:
    permit = healthy.permitted("other", pipeline_source="elsewhere")
    healthy.say(
        PermitRejected(
            **healthy.ids,
            spends=permit.event_id,
            reason_code=ReasonCode.INVALID_PIPELINE_SOURCE,
            error_message="invalid_pipeline_source",
            pipeline_source="elsewhere",
        ),
        permit,
        approver=True,
    )
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
    story.say(SettingsChanged(rules=Rules(mode="shadow"), rules_hash="0"))
    check = (await certified(story)).checks[5]
    assert (check.id, check.status) == ("F", "not applicable")


async def test_a_worker_of_another_build_is_named(healthy: Story) -> None:
    healthy.watched(sha="c" * 40)
    check = (await certified(healthy)).checks[0]
    assert check.status == "fail"
    assert "c" * 40 in check.detail


async def test_an_empty_log_was_never_operational() -> None:
    found = await certified(Story())
    assert failed(found) == "BCDEF"
    assert found.boot is None
