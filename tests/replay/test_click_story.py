"""How a click went: known by what and when, doubted why, and settled by whom."""

from __future__ import annotations

from typing import Any

import pytest

from replay.chain import Why, why
from replay.click_story import ClickStory, KnownBy
from replay.moment import written
from schema.contracts import Recorded
from schema.events.base import permit_ids
from schema.events.operations import WorkerStarted, WorkerStopped
from schema.events.posting import (
    ClickAttempt,
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.ids import named
from tests.doubles.story import ACCOUNT, SHA, WORKER, Story

NEXT = named("the next worker")


def sighted(
    story: Story,
    attempt: Recorded[ClickAttempt],
    via: Via,
    spends: Recorded[Any] | None = None,
    *,
    spooled: bool = False,
) -> None:
    """See the post of this attempt."""
    seen = PostingSuccess(
        **permit_ids(attempt.event),
        spends=(spends or attempt).event_id,
        posted_id="c-1",
        url="http://site/c/1",
        via=via,
        text_hash=attempt.event.text_hash,
        posted_at=story.now,
        spooled=spooled,
    )
    story.say(seen, attempt)


def doubted(story: Story, attempt: Recorded[ClickAttempt], detail: str) -> Recorded[OutcomeUnknown]:
    ids = permit_ids(attempt.event)
    return story.say(OutcomeUnknown(**ids, spends=attempt.event_id, detail=detail), attempt)


async def asked(story: Story) -> Why:
    return await why(story.store, ACCOUNT, "c-1")


async def told(story: Story) -> ClickStory:
    click = (await asked(story)).click
    assert click is not None
    return click


def restarted(story: Story) -> None:
    """Let another worker start."""
    story.say(
        WorkerStarted(
            worker_id=NEXT,
            git_sha=SHA,
            version="1",
            host="here",
            pid=2,
            roles=("all",),
            settings_hash="0",
        )
    )


async def test_an_answer_tells_of_the_post_and_nothing_was_unusual() -> None:
    story = Story()
    attempt = story.attempted("marta")
    sighted(story, attempt, Via.RESPONSE)
    assert await told(story) == ClickStory(
        position=attempt.position,
        attempted_at=written(attempt.at),
        worker_id=WORKER,
        known_by=KnownBy.ANSWER,
        known_after_s=1.0,
    )


async def test_an_outcome_that_was_kept_on_disk_meanwhile_says_so() -> None:
    story = Story()
    sighted(story, story.attempted("marta"), Via.RESPONSE, spooled=True)
    assert (await told(story)).spooled


async def test_a_look_tells_of_what_was_unknown_and_why_it_was() -> None:
    story = Story()
    attempt = story.attempted("marta")
    unknown = doubted(story, attempt, "the answer never came")
    sighted(story, attempt, Via.RECONCILIATION, unknown)
    click = await told(story)
    assert (click.known_by, click.unknown_because) == (KnownBy.LOOK, "the answer never came")
    assert click.known_after_s == pytest.approx(2.0)


async def test_a_post_that_had_been_given_up_is_known_by_a_late_look() -> None:
    story = Story()
    attempt = story.attempted("marta")
    ids = permit_ids(attempt.event)
    unknown = doubted(story, attempt, "no answer")
    gone = OutcomeAbandoned(**ids, spends=unknown.event_id, readings=5, waited_s=1800)
    abandoned = story.say(gone, unknown)
    late = LateConfirmed(
        **ids,
        spends=abandoned.event_id,
        posted_id="c-1",
        url="http://site/c/1",
        text_hash=attempt.event.text_hash,
        posted_at=None,
    )
    story.say(late, abandoned)
    assert (await told(story)).known_by is KnownBy.LATE_LOOK


async def test_who_clicked_and_fell_silent_is_told_with_the_start_of_the_next() -> None:
    story = Story()
    story.watched()
    attempt = story.attempted("marta")
    restarted(story)
    restarted(story)
    sighted(story, attempt, Via.RESPONSE)
    story.watched(worker=NEXT)
    assert (await told(story)).next_worker_after_s == pytest.approx(1.0)
    assert "worker_started" in [one.type for one in (await asked(story)).events]


@pytest.mark.parametrize("sign", ["report", "stop"])
async def test_a_worker_that_was_heard_again_did_not_die(sign: str) -> None:
    story = Story()
    attempt = story.attempted("marta")
    restarted(story)
    sighted(story, attempt, Via.RESPONSE)
    if sign == "report":
        story.watched()
    else:
        story.say(WorkerStopped(worker_id=WORKER, reason="SIGTERM"))
    assert (await told(story)).next_worker_after_s is None
    assert "worker_started" not in [one.type for one in (await asked(story)).events]


async def test_a_start_after_the_sighting_has_nothing_to_do_with_the_click() -> None:
    story = Story()
    sighted(story, story.attempted("marta"), Via.RESPONSE)
    restarted(story)
    assert (await told(story)).next_worker_after_s is None
