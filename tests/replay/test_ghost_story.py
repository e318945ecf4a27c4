"""What stands around a ghost: its times, and the clicks of ours that are nearest to it."""

from __future__ import annotations

from typing import Any

from replay.chain import why
from replay.ghost_story import GhostStory
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


async def test_the_nearest_clicks_are_named_with_their_permits() -> None:
    story = Story()
    _, before = clicked(story, "earlier"), clicked(story, "marta")
    story.haunted()
    after, _ = clicked(story, "olav"), clicked(story, "later")
    ghost = await around(story)
    assert ghost.click_before is not None
    assert ghost.click_after is not None
    assert (ghost.click_before.position, ghost.click_after.position) == (
        before.position,
        after.position,
    )
    assert ghost.click_before.permit_id == before.event.permit_id
    assert ghost.click_before.at == written(before.at)
    assert ghost.click_after.target_post_id == "t-olav"


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
