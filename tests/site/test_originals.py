"""Posts of our own on the real forum: one topic appears, and is seen as what was permitted."""

from __future__ import annotations

from uuid import uuid4

import pytest

from edge.browser.site import BrowserSite
from edge.gate.house import boot_s
from edge.ports import ClickObservation, Observed
from schema.errors import NoForm, SiteChanged
from schema.originals import shown, whole
from schema.text import normalised
from tests.site.conftest import Forum, Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

TEXT = whole("Rye & 1 < 2 „Anführung“ 🌱", "Twice the water.\n\nHalf the time, I found.")


async def pressed(site: BrowserSite, text: str, permitted: str) -> ClickObservation:
    """Fill the form with a text and press under a permit for a perhaps different one."""
    async with site.composer(None) as composer:
        await composer.fill(text)
        return await composer.click(permit_id=str(uuid4()), text=permitted, until_s=boot_s() + 20)


async def test_an_original_really_appears_and_its_second_one_is_refused(opened: Open) -> None:
    site = await opened("ghostproof")
    async with site.composer(None) as composer:
        await composer.fill(TEXT)
        assert await composer.read_back() == TEXT
        assert await composer.target_post_id() is None
        seen = await composer.click(permit_id=str(uuid4()), text=TEXT, until_s=boot_s() + 20)
        permit_again = str(uuid4())
        again = await composer.click(permit_id=permit_again, text=TEXT, until_s=boot_s() + 20)
    assert (seen.observed, seen.detail, seen.http_status) == (Observed.ACCEPTED, "seen", 302)
    assert again.observed is Observed.NOT_SENT
    assert seen.posted_id is not None
    post = await site.post(seen.posted_id)
    assert post is not None
    assert (post.is_root, post.in_reply_to) == (True, None)
    assert normalised(shown(post)) == normalised(TEXT)
    newest = (await site.profile(back_to=None, limit=1)).posts[0]
    assert newest.post_id == seen.posted_id
    assert newest.url == seen.posted_url
    assert normalised(shown(newest)) == normalised(TEXT)
    older = await site.profile(back_to=None, limit=1, older_than=newest.post_id)
    assert [one.post_id for one in older.posts] != [newest.post_id]
    assert site.denied == []
    # the site's own flood limit or its memory of titles: either is a definite no
    twice = await pressed(site, TEXT, TEXT)
    assert twice.observed is Observed.REFUSED
    assert twice.detail in {"same_title", "flood_limit"}


@pytest.mark.parametrize(
    ("text", "permitted"),
    [
        (whole("Another title", "The body."), whole("The title", "The body.")),
        (whole("The title", "Another body."), whole("The title", "The body.")),
        (whole("The title The", "body."), whole("The title", "The body.")),
    ],
)
async def test_title_and_body_are_bound_by_one_permit(
    opened: Open, text: str, permitted: str
) -> None:
    site = await opened("amina")
    before = len((await site.profile(back_to=None, limit=1000)).posts)
    seen = await pressed(site, text, permitted)
    assert (seen.observed, seen.denied) == (Observed.NOT_SENT, True)
    assert len((await site.profile(back_to=None, limit=1000)).posts) == before


async def test_a_form_in_another_category_is_not_ours(opened: Open) -> None:
    site = await opened("jonas", own=True)
    async with site.composer(None) as composer:
        await composer.fill(TEXT)
        await composer._page.select_option("[name=category]", label="Cooking")
        with pytest.raises(SiteChanged, match="category holds '3', needs '2'"):
            await composer.target_post_id()
        seen = await composer.click(permit_id=str(uuid4()), text=TEXT, until_s=boot_s() + 20)
    assert seen.observed is Observed.NOT_SENT


async def test_a_profile_without_the_form_says_so(forum: Forum, opened: Open) -> None:
    bare = forum.profile.model_copy(update={"original": None})
    site = await opened("jonas", own=True, profile=bare)
    with pytest.raises(NoForm, match="has no form for originals"):
        async with site.composer(None):
            pass
