"""The reconciler on what a reading does not show at once: unknowns, and posts that went away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from handlers.settling import bookkeeping
from handlers.settling.reconciler import reconciler
from schema.events.base import Event
from schema.events.ghosts import (
    GhostDetected,
    GhostKind,
    PostDisappeared,
    ProfileRead,
    ProfileReadOrdered,
)
from schema.events.posting import (
    LateConfirmed,
    OutcomeAbandoned,
    PostingSuccess,
    Via,
)
from schema.ids import ReadingId, named
from schema.posts import Post
from tests.handlers.facts import (
    TEXT,
    accepted,
    attempted,
    hours,
    minutes,
    rules,
    seconds,
)
from tests.handlers.given import NOON, Scene
from tests.handlers.reading import (
    OPENED,
    UNKNOWN,
    by_hand,
    clicked,
    opened,
    ours,
    read,
    success,
)

# ---- unknown outcomes


def test_a_sighting_settles_an_unknown_outcome() -> None:
    scene = clicked(UNKNOWN, minutes(3))
    [settled], completed = read(scene, ours(at=NOON + seconds(2)))
    assert isinstance(settled, PostingSuccess)
    assert settled.via is Via.RECONCILIATION
    assert settled.spends == scene.id_of(UNKNOWN)
    assert (settled.posted_id, settled.permit_id) == ("q1", attempted(1).permit_id)
    assert settled.text_hash == attempted(1).text_hash
    assert (completed.settled, completed.explained, completed.still_unknown) == (1, 1, 0)
    assert read(scene, ours())[0] == []


def test_whitespace_and_composition_do_not_hide_a_post() -> None:
    shown = ours(text=f"  {TEXT.replace(' ', chr(10), 2)} ")
    [settled], _ = read(clicked(UNKNOWN), shown)
    assert isinstance(settled, PostingSuccess)


@pytest.mark.parametrize(
    "other",
    [
        ours(text="A different text by hand.", in_reply_to="p77"),
        ours(at=NOON - minutes(3), in_reply_to="p1"),
    ],
)
def test_a_post_that_cannot_be_the_attempts_is_a_ghost_all_the_same(other: Post) -> None:
    scene = Scene(reconciler, rules(), OPENED, minutes(60))
    moved = ours(
        other.post_id,
        at=(other.posted_at or NOON) + minutes(60),
        text=other.text,
        in_reply_to=other.in_reply_to,
    )
    scene.given(accepted(1), attempted(1), UNKNOWN)
    [ghost], completed = read(scene, moved)
    assert isinstance(ghost, GhostDetected)
    assert completed.still_unknown == 1


@pytest.mark.parametrize(
    "post",
    [ours(text="Cut short by the site …"), ours(in_reply_to="p77")],
    ids=["same parent", "same text"],
)
@pytest.mark.parametrize("facts", [[], [UNKNOWN]], ids=["spent", "unknown"])
def test_no_ghost_while_an_open_attempt_might_explain_the_post(
    post: Post, facts: list[Event]
) -> None:
    said, completed = read(clicked(*facts), post)
    assert said == []
    assert (completed.ghosts, completed.explained) == (0, 0)


def test_a_spent_permit_is_not_settled_before_its_performer_spoke() -> None:
    scene = clicked()
    assert read(scene, ours())[0] == []
    scene.given(success())
    assert read(scene, ours())[0] == []


def test_of_two_posts_the_older_settles_and_the_other_is_a_duplicate() -> None:
    said, _ = read(clicked(UNKNOWN), ours("q2", at=NOON + seconds(9)), ours("q1"))
    assert [(type(event), event.posted_id) for event in said] == [
        (PostingSuccess, "q1"),
        (GhostDetected, "q2"),
    ]
    assert said[1].kind is GhostKind.DUPLICATE


# ---- abandoning


def wait(scene: Scene, count: int, *, every: timedelta, complete: bool = True) -> list[Any]:
    """Let so many empty-handed readings pass; return what was said besides their ends."""
    said: list[Any] = []
    for _ in range(count):
        scene.given(every)
        said += read(scene, complete=complete)[0]
    return said


def test_an_unknown_is_abandoned_after_five_complete_readings_in_half_an_hour() -> None:
    scene = clicked(UNKNOWN)
    assert wait(scene, 5, every=minutes(5)) == []
    [event] = wait(scene, 1, every=minutes(5))
    assert isinstance(event, OutcomeAbandoned)
    assert (event.readings, event.waited_s) == (6, 1800)
    assert event.spends == scene.id_of(UNKNOWN)
    assert wait(scene, 9, every=minutes(5)) == []


def test_time_alone_abandons_nothing() -> None:
    assert wait(clicked(UNKNOWN), 4, every=hours(5)) == []


def test_readings_alone_abandon_nothing() -> None:
    assert wait(clicked(UNKNOWN), 29, every=minutes(1)) == []


def test_incomplete_readings_do_not_count() -> None:
    scene = clicked(UNKNOWN)
    assert wait(scene, 20, every=minutes(5), complete=False) == []
    assert wait(scene, 4, every=minutes(5)) == []
    assert len(wait(scene, 1, every=minutes(5))) == 1


def test_a_reading_that_began_before_the_outcome_was_unknown_does_not_count() -> None:
    scene = clicked()
    reading_id = ReadingId(named("early"))
    scene.given(ProfileReadOrdered(reading_id=reading_id, back_to=None, limit=60), seconds(1))
    scene.given(UNKNOWN)
    scene.when(ProfileRead(reading_id=reading_id, posts=(), complete=True))
    assert wait(scene, 4, every=hours(1)) == []
    assert len(wait(scene, 1, every=hours(1))) == 1


def test_an_attempt_without_an_outcome_is_not_abandoned() -> None:
    assert wait(clicked(), 9, every=hours(1)) == []


def abandoned() -> Scene:
    scene = clicked(UNKNOWN)
    wait(scene, 6, every=minutes(5))
    return scene


def test_a_post_that_shows_after_all_is_confirmed_late() -> None:
    scene = abandoned()
    [event], completed = read(scene, ours())
    assert isinstance(event, LateConfirmed)
    assert (event.posted_id, event.permit_id) == ("q1", attempted(1).permit_id)
    assert completed.settled == 1
    assert read(scene, ours())[0] == []


def test_an_abandoned_attempt_hides_no_ghost() -> None:
    [ghost], _ = read(abandoned(), ours(text="Something else by hand."))
    assert isinstance(ghost, GhostDetected)


@pytest.mark.parametrize(("after", "kind"), [(23, LateConfirmed), (25, GhostDetected)])
def test_an_abandoned_attempt_explains_no_post_of_another_day(
    after: float, kind: type[Event]
) -> None:
    """Somebody who says our words again under the same post does not do it for that click."""
    scene = abandoned()
    scene.given(hours(after))
    [event], _ = read(scene, ours(at=NOON + hours(after)))
    assert isinstance(event, kind)


# ---- disappearing


def two_posts() -> Scene:
    scene = opened(accepted(1), attempted(1), success("q1"), minutes(9))
    scene.given(accepted(2), attempted(2), success("q2", 2, at=NOON + minutes(9)), minutes(1))
    return scene


FIRST = ours("q1")
SECOND = ours("q2", at=NOON + minutes(9), in_reply_to="p2")
BEFORE = by_hand("old", at=NOON - hours(1))


def gone(said: list[Any]) -> list[str]:
    return [event.posted_id for event in said if isinstance(event, PostDisappeared)]


def test_a_confirmed_post_that_is_no_longer_shown_has_disappeared() -> None:
    scene = two_posts()
    assert gone(read(scene, SECOND, FIRST, BEFORE)[0]) == []
    assert gone(read(scene, SECOND, BEFORE)[0]) == ["q1"]
    assert gone(read(scene, SECOND, BEFORE)[0]) == []


def test_a_post_may_disappear_in_the_reading_that_lets_it_be_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bookkeeping, "REMEMBERED_POSTS", 2)
    unheard_of = by_hand("new", at=NOON + minutes(9))
    assert gone(read(two_posts(), unheard_of, SECOND, BEFORE)[0]) == ["q1"]


def test_an_incomplete_reading_shows_no_disappearance() -> None:
    assert gone(read(two_posts(), SECOND, BEFORE, complete=False)[0]) == []


def test_an_empty_profile_shows_no_disappearance() -> None:
    assert read(two_posts())[0] == []


def test_a_post_older_than_the_reading_went_back_has_not_disappeared() -> None:
    assert gone(read(two_posts(), SECOND)[0]) == []


def test_an_older_post_that_settled_late_has_not_disappeared() -> None:
    scene = opened(accepted(1), attempted(1), UNKNOWN, minutes(9))
    scene.given(accepted(2), attempted(2), success("q2", 2, at=NOON + minutes(9)), minutes(1))
    read(scene, SECOND, FIRST)
    assert gone(read(scene, SECOND)[0]) == []


def test_a_post_confirmed_while_the_reading_went_on_has_not_disappeared() -> None:
    scene = two_posts()
    reading_id = ReadingId(named("slow"))
    scene.given(ProfileReadOrdered(reading_id=reading_id, back_to=None, limit=60), seconds(1))
    scene.given(accepted(3), attempted(3), success("q3", 3, at=NOON + minutes(10)))
    said = scene.when(
        ProfileRead(reading_id=reading_id, posts=(SECOND, FIRST, BEFORE), complete=True)
    )
    assert gone(said) == []


def test_a_ghost_that_goes_away_stays_a_ghost_without_a_word() -> None:
    scene = two_posts()
    read(scene, by_hand(at=NOON + minutes(5)), BEFORE)
    assert "h1" not in gone(read(scene, SECOND, FIRST, BEFORE)[0])
