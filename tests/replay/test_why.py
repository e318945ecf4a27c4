"""Why a post exists, told from the log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from replay.chain import Explained, Picked, why
from schema.contracts import Recorded
from schema.events.base import permit_ids
from schema.events.ghosts import GhostAcknowledged, ManualPostAttested
from schema.events.posting import LateClickDetected
from schema.events.scheduling import DecisionMade
from tests.doubles.memory_log import MemoryLog
from tests.doubles.story import ACCOUNT, Story


def rewrite(story: Story, change: Callable[[Recorded[Any]], Recorded[Any] | None]) -> None:
    """Put another log in the place of the story's, without gaps and causes."""
    log = MemoryLog(ACCOUNT)
    for row, body in zip(story.rows, story.store.log(ACCOUNT).bodies, strict=True):
        if (changed := change(row)) is not None:
            log.remember(replace(changed, position=len(log.rows), cause=None), body)
    story.store.logs[ACCOUNT] = log


async def test_a_confirmed_reply_is_explained_by_its_six_ids() -> None:
    story = Story()
    story.replied("marta")
    found = await why(story.store, ACCOUNT, "c-marta")
    assert found.verdict is Explained.EXPLAINED
    assert found.missing == ()
    assert None not in (
        found.chain.candidate_evaluation_id,
        found.chain.queue_id,
        found.chain.scheduler_run_id,
        found.chain.decision_id,
        found.chain.permit_id,
    )
    assert found.chain.posted_id == "c-marta"
    assert found.permit is not None
    assert (found.permit.status, found.permit.pipeline_source) == (
        "confirmed",
        "reply_v2_scheduler",
    )
    assert found.cost_usd == pytest.approx(0.001)


async def test_causes_outside_the_trace_are_told_too() -> None:
    story = Story()
    story.replied("marta")
    found = await why(story.store, ACCOUNT, "c-marta")
    types = [event.type for event in found.events]
    assert types.count("job_due") == 2
    assert {"fetch_started", "scheduler_started", "slot_closed"} <= set(types)
    assert [event.position for event in found.events] == sorted(
        event.position for event in found.events
    )


async def test_an_address_finds_its_post() -> None:
    story = Story()
    story.replied("marta")
    assert (await why(story.store, ACCOUNT, "http://site/c/marta")).post_id == "c-marta"


async def test_a_ghost_says_what_is_missing() -> None:
    story = Story()
    story.haunted()
    story.say(GhostAcknowledged(posted_id="c-ghost", why="planted", by="me"), approver=True)
    found = await why(story.store, ACCOUNT, "c-ghost")
    assert found.verdict is Explained.GHOST
    assert found.missing == ("permit_created", "click_attempt")
    assert [event.type for event in found.events] == ["ghost_detected", "ghost_acknowledged"]


async def test_an_attested_ghost_stays_a_ghost_and_says_who_vouches() -> None:
    story = Story()
    story.haunted()
    story.say(ManualPostAttested(posted_id="c-ghost", why="typed it", by="me"), approver=True)
    found = await why(story.store, ACCOUNT, "c-ghost")
    assert found.verdict is Explained.GHOST
    assert found.note == "attested as made by hand by me: typed it"


async def test_a_post_that_nobody_saw_is_unknown() -> None:
    story = Story()
    found = await why(story.store, ACCOUNT, "c-nothing")
    assert (found.verdict, found.missing) == (Explained.UNKNOWN, ("posting_success",))


async def test_a_chain_without_its_evaluation_names_the_link() -> None:
    story = Story()
    story.replied("marta")
    rewrite(story, lambda row: None if row.type == "candidate_evaluated" else row)
    assert (await why(story.store, ACCOUNT, "c-marta")).missing == ("candidate_evaluated",)


async def test_the_choice_of_the_bandit_is_part_of_the_answer() -> None:
    story = Story()
    story.replied("marta")

    def chosen(row: Recorded[Any]) -> Recorded[Any]:
        if not isinstance(row.event, DecisionMade):
            return row
        event = replace(row.event, arm="viral/curious", propensity=0.25, explored=True)
        return replace(row, event=event)

    rewrite(story, chosen)
    found = await why(story.store, ACCOUNT, "c-marta")
    assert found.choice == Picked(
        arm="viral/curious", propensity=0.25, explored=True, arms_version=0
    )


async def test_a_click_that_left_late_is_told_with_its_lateness() -> None:
    story = Story()
    story.replied("marta")
    attempt = next(row for row in story.rows if row.type == "click_attempt")
    late = LateClickDetected(**permit_ids(attempt.event), attempt=attempt.event_id, late_ms=2300)
    story.say(late, attempt)
    found = await why(story.store, ACCOUNT, "c-marta")
    assert found.permit is not None
    assert (found.permit.status, found.permit.late_ms) == ("confirmed", 2300)
    assert "late_ms=2300" in [event.gist for event in found.events][-1]
