"""How an account stands is read from the log's end back, and is what the whole log says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replay import reading
from replay.situation import RUNS_KEPT, Situation, situation_of
from schema.contracts import Page
from schema.events.operations import Job
from schema.events.posting import OutcomeAbandoned, OutcomeUnknown, PostingPassClosed
from schema.ids import Account
from tests.doubles.story import ACCOUNT, Story

JOBS = (Job.POST, Job.PLAN)


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE", 3)


async def situation(story: Story) -> Situation:
    return await situation_of(story.store, ACCOUNT, JOBS, story.now)


def passed(story: Story, found: int) -> None:
    story.say(PostingPassClosed(found=found, ordered=found, skipped=None))


@given(st.lists(st.sampled_from([*JOBS, "pass", "watch", "boot"]), max_size=60))
async def test_the_newest_of_each_is_found_however_long_ago(told: list[Job | str]) -> None:
    story, found = Story(), 0
    for one in told:
        match one:
            case Job():
                story.due(one)
            case "pass":
                passed(story, found := found + 1)
            case "watch":
                story.watched()
            case _:
                story.booted()
    seen = await situation(story)
    rows = story.rows
    assert seen.events == len(rows)
    assert seen.due == {row.event.job: row.event.slot for row in rows if row.type == "job_due"}
    passes = [row.position for row in rows if row.type == "posting_pass_closed"]
    assert [run.position for run in seen.runs] == passes[-RUNS_KEPT:]
    alive = [row.at for row in rows if row.type in {"watchdog_reported", "worker_started"}]
    assert seen.worker_seen == max(alive, default=None)


async def test_a_doubt_stays_open_until_it_is_settled() -> None:
    story = Story()
    spent = story.attempted("marta")
    doubt = story.say(OutcomeUnknown(**story.ids, spends=spent.event_id, detail="no answer"))
    for _ in range(20):
        story.due(Job.POST)
    assert (await situation(story)).unknown == {spent.event.permit_id}
    given_up = OutcomeAbandoned(**story.ids, spends=doubt.event_id, readings=5, waited_s=1800)
    story.say(given_up, doubt)
    assert (await situation(story)).unknown == set()


async def test_what_is_long_past_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story()
    for found in range(500):
        story.due(Job.PLAN if found % 10 else Job.POST)
        passed(story, found)
    story.watched()
    told: list[Any] = []
    read = story.store.read

    async def counted(account: Account, *, types: Sequence[str], **more: Any) -> Page:
        page = await read(account, types=types, **more)
        told.extend(page.events)
        return page

    monkeypatch.setattr(story.store, "read", counted)
    assert len((await situation(story)).runs) == RUNS_KEPT
    assert len(told) < len(story.rows) / 3


async def test_what_waits_is_counted_until_its_time_is_up() -> None:
    story = Story()
    story.queued("marta")
    assert len((await situation(story)).evidence.live_items(story.now)) == 1
    story.later(days=30)
    assert (await situation(story)).evidence.live_items(story.now) == []
