"""Clicking in a real browser: one reply appears, refusals are definite, nothing else leaves."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from uuid import uuid4

import pytest

from edge.browser.site import BrowserSite
from edge.gate.house import boot_s
from edge.ports import ClickObservation, Observed, Target
from edge.sandbox.install import SandboxSite
from edge.sandbox.server import SandboxServer
from edge.sites.profile import PROFILES_DIR, load_profile
from schema.errors import BadInput, SiteChanged, SiteError
from schema.text import normalised
from tests.site.conftest import Forum, Open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


def permit() -> str:
    """Return a new permit: the gate makes no second token under the same one."""
    return str(uuid4())


def target(post_id: str) -> Target:
    return Target(post_id, "", "")


async def reply(site: BrowserSite, post_id: str, text: str) -> ClickObservation:
    async with site.composer(target(post_id)) as composer:
        await composer.fill(text)
        return await composer.click(permit_id=permit(), text=text, until_s=boot_s() + 20)


async def count(site: BrowserSite) -> int:
    return len((await site.profile(back_to=None, limit=1000)).posts)


async def test_a_reply_really_appears(opened: Open) -> None:
    site = await opened("ghostproof")
    text = "Das hilft: 1 < 2 & fertig.\n\nZweiter Absatz mit „Anführung“ und café 🌱."
    async with site.composer(target("t30")) as composer:
        await composer.fill(text)
        assert await composer.read_back() == text
        assert await composer.target_post_id() == "t30"
        seen = await composer.click(permit_id=permit(), text=text, until_s=boot_s() + 20)
    assert seen.observed is Observed.ACCEPTED
    assert seen.http_status == 302
    assert seen.posted_id is not None
    newest = (await site.profile(back_to=None, limit=1)).posts[0]
    assert newest.post_id == seen.posted_id
    assert newest.url == seen.posted_url
    assert newest.in_reply_to == "t30"
    assert newest.text == normalised(text)
    assert site.denied == []
    assert site.chatter


async def test_the_same_text_twice_is_refused_and_writes_nothing(
    forum: Forum, opened: Open
) -> None:
    first = forum.visitor("tomasz").post("t31", "Said before.")
    site = await opened("tomasz")
    before = await count(site)
    # The flood limit counts in windows of ten seconds; whichever limit answers, it is a no.
    seen = await reply(site, "t31", "Said before.")
    assert seen.observed is Observed.REFUSED
    assert seen.detail in ("same_text", "flood_limit")
    assert await count(site) == before
    assert await site.post(first) is not None


async def test_an_empty_text_never_leaves(opened: Open) -> None:
    site = await opened("amina")
    async with site.composer(target("t32")) as composer:
        seen = await composer.click(permit_id=permit(), text="", until_s=boot_s() + 1)
    assert seen.observed is Observed.NOT_SENT


async def test_another_text_than_the_permitted_one_never_leaves(opened: Open) -> None:
    site = await opened("amina")
    before = await count(site)
    async with site.composer(target("t32")) as composer:
        await composer.fill("Not what was permitted.")
        seen = await composer.click(
            permit_id=permit(), text="What was permitted.", until_s=boot_s() + 20
        )
        again = await composer.click(
            permit_id=permit(), text="Not what was permitted.", until_s=boot_s() + 5
        )
    assert (seen.observed, seen.denied) == (Observed.NOT_SENT, True)
    assert (again.observed, again.denied) == (Observed.NOT_SENT, False)
    assert [denied.method for denied in site.denied] == ["POST"]
    assert await count(site) == before


async def test_a_form_that_turns_to_another_post_is_not_pressed(opened: Open) -> None:
    """Filled and looked at under a permit for one post, then led elsewhere by its page."""
    site = await opened("amina")
    before = await count(site)
    async with site.composer(target("t32")) as composer:
        await composer.fill("Meant for this post.")
        assert await composer.target_post_id() == "t32"
        await composer._page.eval_on_selector(
            "#reply form.js-reply", "form => { form.action = '/comment/31/publish/' }"
        )
        seen = await composer.click(
            permit_id=permit(), text="Meant for this post.", until_s=boot_s() + 20
        )
    assert (seen.observed, seen.denied) == (Observed.NOT_SENT, False)
    assert "t31" in seen.detail
    assert await count(site) == before


async def test_a_second_click_of_one_composer_sends_nothing(opened: Open) -> None:
    site = await opened("friedrich")
    async with site.composer(target("t33")) as composer:
        await composer.fill("Once is enough.")
        first = await composer.click(
            permit_id=permit(), text="Once is enough.", until_s=boot_s() + 20
        )
        second = await composer.click(
            permit_id=permit(), text="Once is enough.", until_s=boot_s() + 20
        )
    assert first.observed is Observed.ACCEPTED
    assert second.observed is Observed.NOT_SENT


async def test_a_page_that_dies_under_the_click_is_unknown(opened: Open) -> None:
    site = await opened("jonas")
    async with site.composer(target("t34")) as composer:
        await composer.fill("Who knows?")
        await composer._page.close()
        seen = await composer.click(permit_id=permit(), text="Who knows?", until_s=boot_s() + 20)
    assert seen.observed in (Observed.UNKNOWN, Observed.NOT_SENT)
    assert seen.posted_id is None


async def test_an_answer_that_never_comes_is_unknown_and_only_looking_settles_it(
    installed: SandboxSite, opened: Open
) -> None:
    async with SandboxServer(installed) as server:
        assert server.pid is not None
        site = await opened("heather_b", own=True, url=server.url)
        async with site.composer(target("t36")) as composer:
            await composer.fill("Did it arrive?")
            os.kill(server.pid, signal.SIGSTOP)
            try:
                seen = await composer.click(
                    permit_id=permit(), text="Did it arrive?", until_s=boot_s() + 1
                )
            finally:
                os.kill(server.pid, signal.SIGCONT)
        assert seen.observed is Observed.UNKNOWN
        assert seen.posted_id is None
        texts = [post.text for post in (await site.profile(back_to=None, limit=5)).posts]
        assert texts.count("Did it arrive?") <= 1


async def test_a_killed_browser_under_the_click_is_unknown_or_proved_not_sent(
    installed: SandboxSite, opened: Open
) -> None:
    async with SandboxServer(installed) as server:
        assert server.pid is not None
        site = await opened("heather_b", own=True, url=server.url)
        async with site.composer(target("t37")) as composer:
            await composer.fill("Is anybody there?")
            os.kill(server.pid, signal.SIGSTOP)
            clicking = asyncio.create_task(
                composer.click(permit_id=permit(), text="Is anybody there?", until_s=boot_s() + 20)
            )
            await composer._page.wait_for_event("request", lambda r: r.method == "POST")
            await (await site._account.engine.browser()).close()
            seen = await clicking
            os.kill(server.pid, signal.SIGCONT)
        assert seen.observed in (Observed.UNKNOWN, Observed.NOT_SENT)
        assert (await site.profile(back_to=None, limit=1)).posts


async def test_a_closed_topic_has_no_composer(opened: Open) -> None:
    site = await opened("ghostproof")
    with pytest.raises(SiteChanged, match=r"reply\.composer"):
        async with site.composer(target("t1")):
            pytest.fail("a closed topic cannot be answered")


async def test_a_missing_topic_has_no_composer(opened: Open) -> None:
    site = await opened("ghostproof")
    with pytest.raises(SiteError, match="does not exist"):
        async with site.composer(target("t99999")):
            pytest.fail("nothing to answer")


async def test_only_root_posts_are_answered(opened: Open) -> None:
    site = await opened("ghostproof")
    with pytest.raises(BadInput, match="not a root post"):
        async with site.composer(target("c5")):
            pytest.fail("a comment is no target")


async def test_two_buttons_that_fit_are_one_too_many(opened: Open, tmp_path: Path) -> None:
    text = (PROFILES_DIR / "spirit.toml").read_text(encoding="utf-8")
    path = tmp_path / "changed.toml"
    path.write_text(
        text.replace('submit = "#reply form.js-reply input[type=submit]"', 'submit = "input"')
    )
    site = await opened("ghostproof", own=True, profile=load_profile(path))
    with pytest.raises(SiteChanged, match=r"reply\.submit"):
        async with site.composer(target("t35")):
            pytest.fail("which button would it be?")
