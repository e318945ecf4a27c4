"""The reconciler: every post is explained by a permit or is a ghost, and unknowns settle."""

from __future__ import annotations

import pytest

from schema.events.base import Event
from schema.events.ghosts import (
    GhostDetected,
    GhostKind,
    PostPredatesLog,
    ProfileReadFailed,
    ProfileReadOrdered,
)
from schema.events.operations import Job
from schema.events.posting import (
    ClickNotSent,
    ClickRejected,
    NotSentReason,
)
from schema.ids import ReadingId, derive, named
from tests.handlers.facts import (
    SOME_EVENT,
    accepted,
    attempted,
    due,
    ended,
    hours,
    minutes,
    seconds,
)
from tests.handlers.given import NOON, NOTHING
from tests.handlers.reading import (
    LOOK,
    OPENED,
    UNKNOWN,
    by_hand,
    clicked,
    opened,
    ours,
    read,
    success,
)

# ---- when a reading is ordered


def test_the_first_reading_goes_back_to_the_beginning() -> None:
    scene = opened()
    [order] = scene.when(LOOK)
    reading_id = ReadingId(derive(scene.id_of(LOOK), "reading"))
    assert order == ProfileReadOrdered(reading_id=reading_id, back_to=None, limit=60)


def test_readings_keep_their_pace() -> None:
    scene = opened()
    scene.when(LOOK)
    assert scene.given(minutes(14)).when(LOOK) == NOTHING
    assert len(scene.given(seconds(56)).when(LOOK)) == 1


def test_while_an_outcome_is_unknown_readings_are_frequent() -> None:
    scene = clicked(UNKNOWN)
    read(scene)
    assert scene.given(minutes(4)).when(LOOK) == NOTHING
    assert len(scene.given(minutes(1)).when(LOOK)) == 1


def test_the_next_reading_goes_back_to_the_newest_post_known() -> None:
    scene = clicked(success())
    read(scene, ours())
    [order] = scene.given(minutes(15)).when(LOOK)
    assert isinstance(order, ProfileReadOrdered)
    assert order.back_to == "q1"


def test_a_reading_goes_back_beyond_every_open_attempt() -> None:
    scene = opened(accepted(2), attempted(2), success("q2", 2), minutes(9))
    scene.given(accepted(1), attempted(1), UNKNOWN, minutes(9), accepted(3), attempted(3))
    scene.given(success("q3", 3, at=NOON + minutes(18)))
    newer = ours("q3", at=NOON + minutes(18), in_reply_to="p3")
    read(scene, newer, ours("q2", in_reply_to="p2"))
    [order] = scene.given(minutes(15)).when(LOOK)
    assert isinstance(order, ProfileReadOrdered)
    assert order.back_to == "q2"


def test_an_incomplete_reading_moves_no_mark() -> None:
    scene = clicked(success())
    read(scene, ours(), complete=False)
    [order] = scene.given(minutes(15)).when(LOOK)
    assert isinstance(order, ProfileReadOrdered)
    assert order.back_to is None


@pytest.mark.parametrize("event", [due(Job.POST), OPENED, accepted(1), attempted(1), UNKNOWN])
def test_nothing_else_orders_a_reading(event: Event) -> None:
    assert opened().when(event) == NOTHING


def test_a_failed_reading_says_nothing() -> None:
    failed = ProfileReadFailed(reading_id=ReadingId(named("r")), reason="logged out")
    assert clicked(UNKNOWN).when(failed) == NOTHING


# ---- explaining


def test_a_confirmed_post_is_explained_by_its_id() -> None:
    said, completed = read(clicked(success()), ours(text="edited since", in_reply_to="p9"))
    assert said == []
    assert (completed.explained, completed.ghosts) == (1, 0)


def test_a_post_from_before_the_log_is_no_ghost() -> None:
    old = by_hand(at=NOON - hours(1))
    said, completed = read(scene := opened(), old)
    assert [type(event) for event in said] == [PostPredatesLog]
    assert (completed.explained, completed.ghosts) == (1, 0)
    assert read(scene, old)[0] == []


def test_a_post_that_nothing_explains_is_a_ghost() -> None:
    [ghost], completed = read(opened(), by_hand())
    assert isinstance(ghost, GhostDetected)
    assert (ghost.posted_id, ghost.text, ghost.url) == (
        "h1",
        "Written by hand, by somebody.",
        "http://site/h1",
    )
    assert (ghost.detected_at, ghost.target_post_id) == (NOON, "p77")
    assert ghost.missing == ("permit", "click_attempt", "posting_success")
    assert ghost.kind is GhostKind.UNEXPLAINED
    assert (completed.ghosts, completed.explained) == (1, 0)


def test_a_post_without_a_time_cannot_predate_the_log() -> None:
    [ghost], _ = read(opened(), ours(posted_at=None))
    assert isinstance(ghost, GhostDetected)


def test_a_ghost_is_reported_once() -> None:
    scene = opened()
    read(scene, by_hand())
    assert read(scene, by_hand())[0] == []


@pytest.mark.parametrize(
    "end",
    [
        ended(ClickNotSent, spends=SOME_EVENT, reason=NotSentReason.GATE),
        ended(ClickRejected, spends=SOME_EVENT, code="403", detail=""),
    ],
)
def test_a_post_after_an_attempt_that_certainly_failed_is_a_ghost(end: Event) -> None:
    [ghost], _ = read(clicked(end), ours())
    assert isinstance(ghost, GhostDetected)


def test_the_second_post_of_one_permit_is_a_duplicate() -> None:
    [ghost], _ = read(clicked(success()), ours("q2"), ours())
    assert isinstance(ghost, GhostDetected)
    assert (ghost.posted_id, ghost.kind) == ("q2", GhostKind.DUPLICATE)
    assert ghost.missing == ("unspent_permit",)


def test_the_same_text_under_another_post_is_no_duplicate() -> None:
    [ghost], _ = read(clicked(success()), ours("q2", in_reply_to="p9"), ours())
    assert ghost.kind is GhostKind.UNEXPLAINED
