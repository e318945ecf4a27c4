"""Signing in by hand: a person at the page, a session that works, and nobody else's."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from playwright.async_api import Page

from edge.browser import log_in_anew, open_site
from edge.browser.account import for_browser
from edge.browser.by_hand import Person, sign_in_by_hand
from edge.browser.session import read_session, write_session
from edge.sites.profile import Profile
from schema.errors import LoggedOut
from tests.site.conftest import Forum

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


# The forum rations log-ins, five in five minutes, so this file takes two.


def typing(forum: Forum, handle: str) -> Person:
    """Do what a person does: type name and password and press the button."""
    rule, password = forum.profile.sign_in, forum.site.accounts()[handle]

    async def person(page: Page) -> None:
        await page.fill(rule.handle, handle)
        await page.fill(rule.password, password)
        await page.click(rule.submit)

    return person


def at(forum: Forum) -> Profile:
    return forum.profile.at(forum.url)


async def test_a_hand_made_session_works_and_its_window_never_posts(
    forum: Forum, tmp_path: Path
) -> None:
    tried: list[str] = []

    async def person(page: Page) -> None:
        for address in (f"{forum.url}/comment/1/publish/", "http://127.0.0.1:9/elsewhere"):
            send = "address => fetch(address, {method: 'POST', body: 'x'}).then(String, String)"
            tried.append(await page.evaluate(send, address))
        await typing(forum, "olav")(page)

    cookies = await sign_in_by_hand(at(forum), "olav", person=person, visible=False)
    assert tried == ["TypeError: Failed to fetch"] * 2
    write_session(path := tmp_path / "spirit-olav.session.json", cookies)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    site = await open_site(forum.profile, forum.url, "olav", state_dir=tmp_path)
    await site.close()


async def test_somebody_elses_session_is_not_kept(forum: Forum, tmp_path: Path) -> None:
    forum.visitor("yuki").keep_session(path := tmp_path / "yuki.json")

    async def person(page: Page) -> None:
        await page.context.add_cookies(for_browser(read_session(path) or []))
        await page.goto(forum.url)

    with pytest.raises(LoggedOut, match="belongs to yuki, not to olav"):
        await sign_in_by_hand(at(forum), "olav", person=person, visible=False)


async def test_a_person_who_goes_away_ends_it(forum: Forum) -> None:
    async def nobody(_: Page) -> None:
        return None

    with pytest.raises(LoggedOut, match="nobody signed in within 1 s"):
        await sign_in_by_hand(at(forum), "olav", person=nobody, visible=False, patience_s=1)


async def test_a_closed_window_ends_it(forum: Forum) -> None:
    async def impatient(page: Page) -> None:
        await page.close()

    with pytest.raises(LoggedOut, match="window was closed"):
        await sign_in_by_hand(at(forum), "olav", person=impatient, visible=False)


async def test_without_a_window_the_password_does_it(forum: Forum, tmp_path: Path) -> None:
    path = tmp_path / "s.json"
    write_session(path, [])  # an older one is replaced
    password = forum.site.accounts()["heather_b"]
    await log_in_anew(at(forum), "heather_b", password, path)
    assert read_session(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
