"""What stands around a ghost: its times, and the clicks of ours that are nearest to it."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from eventstore.reading import Erased
from replay.chain import why
from replay.ghost_story import GhostStory, NearClick
from replay.moment import written
from schema.contracts import Recorded
from tests.doubles.story import ACCOUNT, Story

GAP_S = 300


def clicked(story: Story, name: str) -> Recorded[Any]:
    """Attempt a click as soon as the law allows the next."""
    story.later(seconds=GAP_S)
    return story.attempted(name)


async def around(story: Story) -> GhostStory:
    found = (await why(story.store, ACCOUNT, "c-ghost")).ghost
    assert found is not None
    return found


def near(click: Recorded[Any]) -> NearClick:
    """Return what is told of this click."""
    return NearClick(
        position=click.position,
        at=written(click.at),
        permit_id=click.event.permit_id,
        target_post_id=click.event.target_post_id,
    )


async def test_the_nearest_clicks_are_named_with_their_permits() -> None:
    story = Story()
    _, before = clicked(story, "earlier"), clicked(story, "marta")
    story.haunted()
    after, _ = clicked(story, "olav"), clicked(story, "later")
    ghost = await around(story)
    assert (ghost.click_before, ghost.click_after) == (near(before), near(after))


async def test_a_ghost_that_was_found_late_stands_among_the_clicks_of_its_own_time() -> None:
    story = Story()
    before, after = clicked(story, "marta"), clicked(story, "olav")
    clicked(story, "later")
    story.haunted(posted_at=after.at)
    ghost = await around(story)
    assert (ghost.posted_at, ghost.detected_at) == (written(after.at), written(story.rows[-1].at))
    assert (ghost.click_before, ghost.click_after) == (near(before), near(after))


async def test_without_the_posts_time_the_clicks_are_those_around_its_detection() -> None:
    story = Story()
    clicked(story, "marta")
    last = clicked(story, "olav")
    story.haunted(posted_at=None)
    ghost = await around(story)
    assert (ghost.posted_at, ghost.click_before, ghost.click_after) == (None, near(last), None)


async def test_an_erased_click_is_near_without_its_ids() -> None:
    story = Story()
    click = clicked(story, "marta")
    story.store.log(ACCOUNT).by_type[click.type] = [replace(click, event=Erased())]
    story.haunted()
    erased = NearClick(
        position=click.position, at=written(click.at), permit_id=None, target_post_id=None
    )
    assert (await around(story)).click_before == erased


async def test_a_log_without_clicks_has_none_near() -> None:
    story = Story()
    story.haunted()
    ghost = await around(story)
    assert (ghost.click_before, ghost.click_after) == (None, None)
    assert ghost.posted_at == ghost.detected_at


async def test_an_explained_post_has_no_ghost_around() -> None:
    story = Story()
    story.replied("marta")
    found = await why(story.store, ACCOUNT, "c-marta")
    assert found.ghost is None
    assert found.click is not None
