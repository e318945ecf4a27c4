"""Sign in by hand: a person uses the site's own log-in page in a window; the cookies are kept.

The window is not behind a gate: a site may ask a person for whatever it likes, in as many steps as
it likes. It stays within the profile's origins, and what would post is not let out.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, Playwright, Route, WebSocketRoute
from playwright.async_api import Error as BrowserError
from playwright.async_api import TimeoutError as BrowserTimeout

from edge.browser.chromium import find_chromium, launch_flags
from edge.browser.driver import started
from edge.browser.interlock import READING
from edge.browser.pages import require_own_name, site_errors
from edge.sites.profile import Profile
from schema.errors import LoggedOut, NoBrowser

PATIENCE_S = 600.0
"""For a person to find the password and the second factor."""

Person = Callable[[Page], Awaitable[None]]


async def sign_in_by_hand(
    profile: Profile,
    handle: str,
    *,
    person: Person | None = None,
    visible: bool = True,
    patience_s: float = PATIENCE_S,
) -> list[dict[str, Any]]:
    """Open the log-in page, wait until a page shows `handle` signed in, and return the cookies.

    `person` does in a test what hands do otherwise. Raises `LoggedOut` when the window is closed,
    when nobody signs in for `patience_s`, or when it was somebody else.
    """
    async with _window(profile, visible=visible) as page:
        async with site_errors("opening the log-in page"):
            address = profile.base_url + profile.sign_in.url
            await page.goto(address, wait_until="domcontentloaded")
        if person is not None:
            await person(page)
        await _signed_in(page, profile, patience_s)
        await require_own_name(page, profile, handle)
        return [dict(cookie) for cookie in await page.context.cookies()]


@asynccontextmanager
async def _window(profile: Profile, *, visible: bool) -> AsyncIterator[Page]:
    playwright = await started()
    try:
        browser = await _launched(playwright, visible=visible)
        context = await browser.new_context(service_workers="block", locale=profile.language)
        await context.route("**/*", _guard(profile))
        await context.route_web_socket("**/*", _close)
        yield await context.new_page()
    finally:
        await playwright.stop()  # and with it the browser


async def _launched(playwright: Playwright, *, visible: bool) -> Browser:
    executable = find_chromium(playwright.chromium.executable_path)
    try:
        return await playwright.chromium.launch(
            executable_path=executable, headless=not visible, args=launch_flags(())
        )
    except BrowserError as error:
        raise NoBrowser(
            f"{executable} opened no window: {error.message.splitlines()[0]}",
            remedy="run it on a machine with a display, or `ghostproof login --headless`",
        ) from None


def _guard(profile: Profile) -> Callable[[Route], Awaitable[None]]:
    posting = profile.posting_addresses()

    async def judge(route: Route) -> None:
        request = route.request
        posts = request.method not in READING and any(
            re.match(address, request.url) for address in posting
        )
        if profile.allows(request.url) and not posts:
            await route.continue_()
        else:
            await route.abort("blockedbyclient")

    return judge


async def _close(socket: WebSocketRoute) -> None:
    await socket.close()


async def _signed_in(page: Page, profile: Profile, patience_s: float) -> None:
    shown = page.locator(profile.sign_in.signed_in).first
    try:
        await shown.wait_for(state="attached", timeout=patience_s * 1_000)
    except BrowserTimeout:
        message = f"nobody signed in within {patience_s:g} s"
        raise LoggedOut(message, remedy="run `ghostproof login` again") from None
    except BrowserError:
        message = "the window was closed before anybody was signed in"
        raise LoggedOut(message, remedy="run `ghostproof login` again") from None
