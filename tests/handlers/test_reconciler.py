"""The reconciler: every post is explained by a permit or is a ghost, and unknowns settle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from handlers.reconciler import reconciler
from schema.events.base import Event
from schema.events.ghosts import (
    GhostDetected,
    GhostKind,
    PostDisappeared,
    PostPredatesLog,
    ProfileRead,
    ProfileReadFailed,
    ProfileReadOrdered,
    ReconciliationCompleted,
)
from schema.events.operations import AccountOpened, Job
from schema.events.posting import (
    ClickNotSent,
    ClickRejected,
    LateConfirmed,
    NotSentReason,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.ids import ReadingId, derive, named
from schema.posts import Post
from tests.handlers.facts import (
    SOME_EVENT,
    TEXT,
    accepted,
    attempted,
    due,
    ended,
    hours,
    minutes,
    rules,
    seconds,
)
from tests.handlers.given import NOON, NOTHING, Scene

OPENED = AccountOpened(site="spirit", handle="me")
LOOK = due(Job.RECONCILE)
UNKNOWN = ended(OutcomeUnknown, spends=SOME_EVENT, detail="lost")


def ours(name: str = "q1", *, at: datetime = NOON, **changes: Any) -> Post:
    fields: dict[str, Any] = {
        "post_id": name,
        "url": f"http://site/{name}",
        "author": "me",
        "text": TEXT,
        "posted_at": at,
        "is_root": False,
        "in_reply_to": "p1",
    }
    return Post(**fields | changes)


def by_hand(name: str = "h1", *, at: datetime = NOON) -> Post:
    return ours(name, at=at, text="Written by hand, by somebody.", in_reply_to="p77")


def success(name: str = "q1", n: int = 1, *, at: datetime | None = NOON) -> PostingSuccess:
    event: PostingSuccess = ended(
        PostingSuccess,
        n,
        spends=SOME_EVENT,
        posted_id=name,
        url=f"http://site/{name}",
        via=Via.RESPONSE,
        text_hash=accepted(1).text_hash,
        posted_at=at,
    )
    return event


def opened(*facts: Any) -> Scene:
    return Scene(reconciler, rules(), OPENED, *facts)


def clicked(*facts: Any) -> Scene:
    """Return a scene after one attempt at p1."""
    return opened(accepted(1), attempted(1), *facts)


def readings(scene: Scene) -> Iterator[ReadingId]:
    for number in range(100):
        yield ReadingId(named("reading", str(len(scene.log)), str(number)))


def read(scene: Scene, *posts: Post, complete: bool = True) -> tuple[list[Any], Any]:
    """Let a reading be ordered and show these posts, newest first; the last word comes apart."""
    reading_id = next(readings(scene))
    scene.given(ProfileReadOrdered(reading_id=reading_id, back_to=None, limit=60))
    *said, completed = scene.when(
        ProfileRead(reading_id=reading_id, posts=posts, complete=complete)
    )
    assert isinstance(completed, ReconciliationCompleted)
    assert (completed.seen, completed.complete) == (len(posts), complete)
    return said, completed


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
    scene.when(LOOK)
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
