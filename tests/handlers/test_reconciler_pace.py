"""How often our profile is read: hourly after a clean day, often while an outcome is unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from schema.events.base import Event
from schema.events.ghosts import (
    GhostDetected,
    PostDisappeared,
    ProfileRead,
    ProfileReadFailed,
    ProfileReadOrdered,
)
from schema.ids import ReadingId, named
from schema.rules import PostRules
from tests.handlers.facts import hours, minutes, rules
from tests.handlers.given import NOON, Scene
from tests.handlers.reading import LOOK, UNKNOWN, clicked, opened, ours, read, success

READING = ReadingId(named("some reading"))
GHOST = GhostDetected(
    reading_id=READING,
    posted_id="h1",
    url="",
    text="",
    posted_at=None,
    detected_at=NOON,
    target_post_id=None,
    missing=("permit_created",),
)


def pace(scene: Scene) -> timedelta:
    """Return how long after a look the next reading is ordered; looks come every five minutes."""
    for order in scene.given(hours(2)).when(LOOK):
        assert isinstance(order, ProfileReadOrdered)
        scene.when(ProfileRead(reading_id=order.reading_id, posts=(), complete=True))
    for waited in range(5, 120, 5):
        if scene.given(minutes(5)).when(LOOK):
            return minutes(waited)
    return hours(2)


def test_a_new_account_is_read_every_quarter_of_an_hour_for_a_day() -> None:
    assert pace(opened().given(hours(20))) == minutes(15)
    assert pace(opened().given(hours(22))) == hours(1)


@pytest.mark.parametrize(
    "amiss",
    [
        GHOST,
        PostDisappeared(reading_id=READING, posted_id="q1"),
        ProfileReadFailed(reading_id=READING, reason="away"),
        ProfileRead(reading_id=READING, posts=(), complete=False),
    ],
    ids=lambda event: type(event).__name__,
)
def test_what_is_amiss_begins_the_day_anew(amiss: Event) -> None:
    scene = clicked(success())
    read(scene, ours())
    scene.given(hours(48))
    assert pace(scene) == hours(1)
    scene.given(amiss)
    assert pace(scene) == minutes(15)
    assert pace(scene.given(hours(24))) == hours(1)


def test_an_unknown_outcome_is_looked_for_often_however_clean_the_day_was() -> None:
    scene = clicked().given(hours(48), UNKNOWN)
    assert pace(scene) == minutes(5)
    scene.given(success())
    assert pace(scene) == minutes(15)
    assert pace(scene.given(hours(24))) == hours(1)


def test_both_numbers_are_settings() -> None:
    own = rules(post=PostRules(read_every_clean_s=1800, clean_after_s=7200))
    assert pace(opened().given(own)) == minutes(30)
