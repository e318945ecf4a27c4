"""What a certification reads of a log says the same as the whole of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.certification.checks import WINDOW
from replay.certification.evidence import LATELY, Evidence
from replay.certification.reading import Place, gathered
from replay.reading import newest
from schema.events.operations import SettingsChanged
from schema.landmarks import LANDMARKS
from schema.rules import QueueRules, Rules
from tests.doubles.production import Production
from tests.doubles.story import ACCOUNT, Story

CHAPTERS = st.lists(
    st.tuples(
        st.sampled_from(["replied", "permitted", "empty", "silence", "starved", "ghost", "rules"]),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=6,
)


def told(chapters: list[tuple[str, int]]) -> Story:
    """Tell an afternoon in chapters: how slots end and for how many minutes, or what happens."""
    afternoon = Production(Story())
    afternoon.boot()
    for what, minutes in chapters:
        if what == "silence":
            afternoon.minute += minutes * 20
        elif what == "starved":
            afternoon.starve()
        elif what == "ghost":
            afternoon.story.haunted(f"c-ghost-{afternoon.minute}")
        elif what == "rules":
            rules = Rules(queue=QueueRules(expires_h=minutes))
            afternoon.story.say(SettingsChanged(rules=rules, rules_hash="0"), approver=True)
        else:
            afternoon.run(minutes, slot=what, found=1)
    return afternoon.story


def positions(rows: list[Any]) -> list[int]:
    return sorted(row.position for row in rows)


def said(evidence: Evidence, place: Place) -> dict[str, Any]:
    """Return everything that the checks ask of the evidence."""
    return {
        "live": positions(evidence.live_items(place.at)),
        "rules": evidence.rules,
        "stops": evidence.stops,
        **{name: positions(evidence.of[name]) for name in sorted(LANDMARKS)},
        **{name: positions(evidence.within(name, place.at, WINDOW)) for name in LATELY},
        **{f"newest {name}": positions(evidence.newest([name])) for name in LATELY},
    }


@settings(max_examples=40, deadline=None)
@given(chapters=CHAPTERS, share=st.floats(0, 1), later=st.integers(0, 3000))
async def test_nothing_that_counts_is_left_out(
    chapters: list[tuple[str, int]], share: float, later: int
) -> None:
    story = told(chapters)
    size = int(share * len(story.rows))
    at = (story.rows[size - 1].at if size else story.rows[0].at) + timedelta(minutes=later)
    place = Place(at, size)
    whole = Evidence()
    for row in story.rows[:size]:
        if row.type in whole.of:
            whole.see(row)
    part = await gathered(story.store, ACCOUNT, place, WINDOW)
    assert said(part, place) == said(whole, place)


async def test_a_shorter_look_would_be_noticed() -> None:
    story = told([("replied", 40), ("silence", 3), ("replied", 10)])
    place = Place(story.now, len(story.rows))
    whole = await gathered(story.store, ACCOUNT, place, WINDOW)
    short = await gathered(story.store, ACCOUNT, place, timedelta(minutes=5))
    assert said(short, place) != said(whole, place)


@pytest.mark.parametrize("name", ["worker_started", "slot_closed", "ghost_detected"])
async def test_the_newest_is_found_however_far_back(name: str) -> None:
    story = told([("replied", 30), ("permitted", 400)])
    rows = [row for row in story.rows if row.type == name]
    assert await newest(story.store, ACCOUNT, name, len(story.rows)) == rows[-1:]
