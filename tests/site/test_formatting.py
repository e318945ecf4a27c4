"""What the gates let through, the real forum shows as it was sent; what they refuse, it may not."""

from __future__ import annotations

import pytest

from handlers.writing.gates import poor_quality
from schema.posts import Post
from schema.rules import DraftRules
from schema.text import normalised
from tests.site.conftest import Forum, Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

PLAIN = (
    "It is 3 < 4 & 5 > 2, 6 * 7 = 42; from 9:00-17:30, at 10:30:45.\n\n"
    "Ask for my_own_file or C:\\temp, #1 of [them] (really) ~5 times – so!"  # noqa: RUF001
)
FORMATTED = "**Water** them:\n\n1. `early`\n2. with 5 * 3 * 2 litres &amp; a :smile:"
NAMING = "Write to a@Amina about the watering of the plants."


async def seen(forum: Forum, opened: Open, handle: str, text: str) -> Post:
    post_id = forum.visitor(handle).post("t38", text)
    post = await (await opened("ghostproof")).post(post_id)
    assert post is not None
    return post


async def test_a_text_that_passes_is_shown_as_it_was_sent(forum: Forum, opened: Open) -> None:
    assert poor_quality(PLAIN, "", DraftRules()) is None
    assert (await seen(forum, opened, "amina", PLAIN)).text == normalised(PLAIN)


async def test_a_text_of_other_words_on_the_page_was_refused(forum: Forum, opened: Open) -> None:
    """The sibling: without the gate its own sighting would not know the post again."""
    assert (await seen(forum, opened, "jonas", FORMATTED)).text != normalised(FORMATTED)
    assert poor_quality(FORMATTED, "", DraftRules()) == "markup"


async def test_the_forum_tells_whoever_is_named_within_a_word(forum: Forum, opened: Open) -> None:
    post = await seen(forum, opened, "tomasz", NAMING)
    site = await opened("ghostproof")
    async with site._account.reading_page() as page:
        await page.goto(post.url)
        assert await page.locator(".js-comment-text a", has_text="@Amina").count() == 1
    assert poor_quality(NAMING, "", DraftRules()) == "a mention"
