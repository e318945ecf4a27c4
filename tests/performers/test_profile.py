"""The profile: what was shown, or why nothing was, in one event."""

from __future__ import annotations

import pytest

from edge.performers.profile import Profile
from schema.errors import SiteUnreachable
from schema.events.ghosts import GhostDetected, ProfileRead, ProfileReadFailed, ProfileReadOrdered
from schema.ids import ReadingId, named
from schema.wire import BODY_BYTES_MAX, encode
from tests.handlers.reading import opened, ours
from tests.performers.orders import Bench

PROFILE = Profile()
READING = ReadingId(named("reading"))


def order(bench: Bench) -> None:
    bench.say(ProfileReadOrdered(reading_id=READING, back_to="q0", limit=60))


async def test_a_reading_shows_the_posts_newest_first(bench: Bench) -> None:
    bench.site.profile_posts = [ours("q2"), ours("q1")]
    order(bench)
    assert await bench.perform(PROFILE) == [
        ProfileRead(reading_id=READING, posts=(ours("q2"), ours("q1")), complete=True)
    ]
    assert bench.site.asked == [("q0", 60)]


async def test_a_reading_goes_on_after_the_post_that_is_named(bench: Bench) -> None:
    bench.site.profile_posts = [ours("q3"), ours("q2"), ours("q1")]
    bench.say(ProfileReadOrdered(reading_id=READING, back_to="q0", limit=1, older_than="q3"))
    [read] = await bench.perform(PROFILE)
    assert isinstance(read, ProfileRead)
    assert read.posts == (ours("q2"),)


async def test_an_incomplete_reading_says_so(bench: Bench) -> None:
    bench.site.complete = False
    order(bench)
    [read] = await bench.perform(PROFILE)
    assert isinstance(read, ProfileRead)
    assert not read.complete


async def test_a_failed_reading_says_why(bench: Bench) -> None:
    bench.site.looking = [SiteUnreachable("the site is away")]
    order(bench)
    assert await bench.perform(PROFILE) == [
        ProfileReadFailed(reading_id=READING, reason="the site is away")
    ]


@pytest.mark.parametrize("sign", ["x", "\x01", "🌱"])
async def test_a_post_of_any_length_hides_neither_itself_nor_the_others(
    bench: Bench, sign: str
) -> None:
    bench.site.profile_posts = [ours("q2", text=sign * 70_000, title=sign * 70_000), ours("q1")]
    order(bench)
    [read] = await bench.perform(PROFILE)
    assert isinstance(read, ProfileRead)
    assert [post.post_id for post in read.posts] == ["q2", "q1"]
    scene = opened()
    scene.given(ProfileReadOrdered(reading_id=READING, back_to=None, limit=60))
    [_, ghost, _] = scene.when(read)
    assert isinstance(ghost, GhostDetected)
    assert len(encode(ghost)) <= BODY_BYTES_MAX


async def test_a_reading_too_long_for_one_event_keeps_the_newest_and_is_incomplete(
    bench: Bench,
) -> None:
    bench.site.profile_posts = [ours(f"q{n}", text="x" * 8000) for n in range(20)]
    order(bench)
    [read] = await bench.perform(PROFILE)
    assert isinstance(read, ProfileRead)
    assert len(encode(read)) <= BODY_BYTES_MAX
    assert [post.post_id for post in read.posts] == ["q0", "q1", "q2", "q3", "q4"]
    assert not read.complete
    assert read.why_incomplete
