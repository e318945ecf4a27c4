"""Each check that counts holds at its number and fails just below it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from replay.certification import Question, certify
from tests.doubles.production import Production
from tests.doubles.story import ACCOUNT, Story

INSTANT = timedelta(microseconds=1)


async def holds(check: str, story: Story, *, later: timedelta = timedelta()) -> bool:
    found = await certify(story.store, ACCOUNT, Question(now=story.now + later))
    [asked] = [one for one in found.checks if one.id == check]
    return asked.status == "pass"


@pytest.mark.parametrize(
    ("early", "passes"), [(INSTANT, True), (timedelta(), False)], ids=["within", "over"]
)
async def test_a_report_counts_for_fifteen_minutes(early: timedelta, *, passes: bool) -> None:
    story = Story()
    report = story.watched()
    later = report.at + timedelta(minutes=15) - early - story.now
    assert await holds("B", story, later=later) is passes


@pytest.mark.parametrize(
    ("ended", "passes"),
    [
        ([True, True, False], True),
        ([True, True], False),
        ([True, False, False], False),
    ],
)
async def test_three_fetches_start_and_two_end_well(ended: list[bool], *, passes: bool) -> None:
    story = Story()
    for ok in ended:
        story.fetched(ok=ok)
    assert await holds("C", story) is passes


async def test_fetches_count_for_half_an_hour() -> None:
    story = Story()
    first, *_ = [story.fetched() for _ in range(3)]
    window = first.at + timedelta(minutes=30) - story.now
    assert await holds("C", story, later=window - INSTANT)
    assert not await holds("C", story, later=window)


async def test_ten_wait_and_one_that_ran_out_of_time_does_not() -> None:
    story = Story()
    first, *_ = [story.queued(f"waiting-{number}") for number in range(9)]
    assert not await holds("D", story)
    story.queued("the tenth")
    over = first.event.expires_at - story.now
    assert await holds("D", story, later=over - INSTANT)
    assert not await holds("D", story, later=over)


@pytest.mark.parametrize(
    ("slots", "passes"),
    [
        (["permitted", "permitted"], True),
        (["permitted", "empty"], False),
        (["permitted"], False),
    ],
)
async def test_two_slots_start_close_and_make_permits(slots: list[str], *, passes: bool) -> None:
    story = Story()
    for number, slot in enumerate(slots):
        getattr(Production(story), slot)(str(number))
    assert await holds("E", story) is passes
