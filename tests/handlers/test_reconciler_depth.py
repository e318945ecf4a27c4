"""The reconciler below many newer posts: one look is as many readings as it takes."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.settling import sweep
from schema.events.ghosts import (
    GhostDetected,
    PostDisappeared,
    ProfileRead,
    ProfileReadFailed,
    ProfileReadOrdered,
)
from schema.events.posting import OutcomeAbandoned, PostingSuccess
from schema.posts import Post
from tests.handlers.facts import accepted, attempted, minutes, seconds
from tests.handlers.given import NOON, NOTHING, Scene
from tests.handlers.reading import LOOK, UNKNOWN, by_hand, clicked, opened, ours, success

LIMIT = 60


class Profile:
    """Our profile, oldest first, read as orders say; `orders` are the ones carried out."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.posts: list[Post] = []
        self.orders: list[ProfileReadOrdered] = []

    def add(self, count: int) -> None:
        """Let so many posts appear, one a second, that nobody ordered."""
        for second in range(count):
            name = f"h{len(self.posts)}"
            self.posts.append(by_hand(name, at=self.scene.now + seconds(second)))

    def look(self, *, after: float = 5) -> list[Any]:
        """Let a look be due after so many minutes; return what its readings led to."""
        self.scene.given(minutes(after))
        waiting, said = self.scene.when(LOOK), list[Any]()
        while waiting:
            order = waiting.pop(0)
            if isinstance(order, ProfileReadOrdered):
                self.orders.append(order)
                waiting += self.scene.when(self.read(order))
            else:
                said.append(order)
        return said

    def read(self, order: ProfileReadOrdered) -> ProfileRead:
        """Show what a browser would show."""
        ids = [post.post_id for post in reversed(self.posts)]
        start = ids.index(order.older_than) + 1 if order.older_than else 0
        end = ids.index(order.back_to) + 1 if order.back_to in ids else len(ids)
        shown = tuple(reversed(self.posts))[start : min(end, start + order.limit)]
        return ProfileRead(
            reading_id=order.reading_id,
            posts=shown,
            complete=start + len(shown) == end,
            why_incomplete="" if start + len(shown) == end else f"stopped after {order.limit}",
        )


def of(said: list[Any], *kinds: type) -> list[Any]:
    return [event for event in said if isinstance(event, kinds)]


def under(newer: int, *older: Post) -> Profile:
    """Return the profile of one whose unknown attempt has so many newer posts above it."""
    profile = Profile(clicked(UNKNOWN))
    profile.posts += older
    profile.add(newer)
    return profile


def looked(profile: Profile, times: int = 8) -> list[Any]:
    return [event for _ in range(times) for event in profile.look()]


@pytest.mark.parametrize("newer", [0, 59, 60, 61, 200, 700])
def test_an_unknown_is_abandoned_however_many_posts_are_newer(newer: int) -> None:
    profile = under(newer)
    assert len(of(looked(profile), OutcomeAbandoned)) == 1


@pytest.mark.parametrize("newer", [0, 60, 200, 700])
def test_an_unknown_is_found_however_many_posts_are_newer(newer: int) -> None:
    profile = under(newer, ours())
    [settled] = of(looked(profile, 2), PostingSuccess)
    assert settled.posted_id == "q1"


def test_a_flood_of_posts_by_hand_is_all_found() -> None:
    profile = Profile(opened())
    profile.add(200)
    ghosts = of(profile.look(), GhostDetected)
    assert {ghost.posted_id for ghost in ghosts} == {post.post_id for post in profile.posts}
    assert [order.older_than for order in profile.orders] == [None, "h140", "h80", "h20"]
    assert of(profile.look(after=15), GhostDetected) == []
    profile.look(after=15)
    assert (profile.orders[-1].back_to, len(profile.orders)) == ("h199", 9)


def test_what_was_forgotten_is_no_ghost_again() -> None:
    profile = Profile(clicked(UNKNOWN))
    found = []
    for _ in range(6):
        profile.add(150)
        found += of(profile.look(), GhostDetected)
    assert len({ghost.posted_id for ghost in found}) == len(found) == len(profile.posts)


def test_a_look_begins_at_the_top_and_goes_on_where_it_stopped() -> None:
    profile = under(130)
    profile.look()
    assert [(order.older_than, order.limit) for order in profile.orders] == [
        (None, LIMIT),
        ("h70", LIMIT),
        ("h10", LIMIT),
    ]


def test_no_look_goes_back_to_before_the_log() -> None:
    profile = Profile(opened())
    profile.posts += [by_hand(f"old{n}", at=NOON - minutes(1000 - n)) for n in range(300)]
    profile.look()
    assert len(profile.orders) == 1
    profile.look(after=15)
    profile.look(after=15)
    assert len(profile.orders) == 3
    assert profile.orders[-1].back_to == "old299"


def test_a_post_that_nobody_can_find_again_ends_the_look() -> None:
    scene = clicked(UNKNOWN)
    profile = Profile(scene)
    profile.add(90)
    [order] = of(scene.when(LOOK), ProfileReadOrdered)
    [going_on] = of(scene.when(profile.read(order)), ProfileReadOrdered)
    gone = ProfileRead(reading_id=going_on.reading_id, posts=(), complete=False)
    assert of(scene.when(gone), ProfileReadOrdered) == []
    [again] = of(scene.given(minutes(5)).when(LOOK), ProfileReadOrdered)
    assert again.older_than is None


def slow() -> tuple[Scene, Profile, ProfileReadOrdered]:
    """Return a scene in which a reading was ordered that takes longer than the pace."""
    scene = clicked(UNKNOWN)
    profile = Profile(scene)
    [order] = of(scene.when(LOOK), ProfileReadOrdered)
    return scene, profile, order


def test_none_is_begun_while_one_is_awaited() -> None:
    scene, profile, order = slow()
    assert scene.given(minutes(9)).when(LOOK) == NOTHING
    scene.when(profile.read(order))
    assert len(scene.when(LOOK)) == 1


def test_a_reading_that_never_comes_is_not_awaited_for_ever() -> None:
    scene, _, _ = slow()
    assert len(scene.given(minutes(10)).when(LOOK)) == 1


def settled_by_slow_readings() -> list[Any]:
    """Let each reading come only after the next is due; return how the attempt ended."""
    scene, profile, order = slow()
    for _ in range(12):
        newer = of(scene.given(minutes(5)).when(LOOK), ProfileReadOrdered)
        said = scene.given(minutes(1)).when(profile.read(order))
        if ended := of(said, OutcomeAbandoned):
            return ended
        [order] = newer or of(scene.when(LOOK), ProfileReadOrdered)
    return []


def test_slow_readings_settle_an_unknown() -> None:
    assert len(settled_by_slow_readings()) == 1


def test_a_failed_reading_ends_the_look() -> None:
    scene = clicked(UNKNOWN)
    profile = Profile(scene)
    profile.add(90)
    [order] = of(scene.when(LOOK), ProfileReadOrdered)
    [going_on] = of(scene.when(profile.read(order)), ProfileReadOrdered)
    scene.when(ProfileReadFailed(reading_id=going_on.reading_id, reason="logged out"))
    [again] = of(scene.given(minutes(5)).when(LOOK), ProfileReadOrdered)
    assert again.older_than is None


def test_a_post_above_where_a_reading_goes_on_has_not_disappeared() -> None:
    profile = under(90)
    seen = profile.scene.now + minutes(2)
    profile.scene.given(accepted(2), attempted(2), success("q2", 2, at=seen))
    profile.posts.append(ours("q2", at=seen, in_reply_to="p2"))
    assert of(looked(profile, 2), PostDisappeared) == []
    assert len(profile.orders) == 4


def test_a_reconciler_that_never_goes_on_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep.Sweep, "goes_on", lambda *_: False)
    assert of(looked(under(200)), OutcomeAbandoned) == []


def test_ghosts_out_of_forgotten_posts_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep, "JUDGED_MAX", sweep.SHOWN_MAX)
    with pytest.raises(AssertionError):
        test_what_was_forgotten_is_no_ghost_again()


def test_two_readings_at_once_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep.Sweep, "under_way", lambda *_: False)
    assert settled_by_slow_readings() == []
