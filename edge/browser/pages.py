"""Open pages: every failure of the world becomes one of the site's errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page
from playwright.async_api import TimeoutError as BrowserTimeout

from edge.gate.streams import OWN_ANSWER
from edge.sites.profile import Profile
from edge.stages import Stage, during
from schema.errors import ChallengeShown, LoggedOut, PageLocked, SiteChanged, SiteUnreachable

SERVER_ERROR = 500
NOT_FOUND = frozenset({404, 410})
FORBIDDEN = 403


@asynccontextmanager
async def site_errors(doing: str) -> AsyncIterator[None]:
    """Turn the browser's errors into `SiteUnreachable`, named after what was being done."""
    try:
        yield
    except BrowserTimeout:
        raise SiteUnreachable(f"timeout: {doing}") from None
    except BrowserError as error:
        raise SiteUnreachable(f"{doing}: {error.message.splitlines()[0]}") from None


async def visit(page: Page, profile: Profile, url: str) -> bool:
    """Open `url` logged in; False when the site says that there is no such page."""
    there = await arrive(page, profile, url)
    if there:
        async with site_errors(f"opening {url}"):
            await require_signed_in(page, profile)
    return there


async def arrive(page: Page, profile: Profile, url: str) -> bool:
    """Open `url`, as whoever the page belongs to; False when there is no such page."""
    async with site_errors(f"opening {url}"):
        with during(Stage.NAV):
            answer = await page.goto(url, wait_until="domcontentloaded")
        status = answer.status if answer else 0
        if answer is not None and (words := answer.headers.get(OWN_ANSWER.decode())):
            raise SiteUnreachable(f"{url}: {words}")
        await refuse_challenge(page, profile, status)
        if not profile.allows(page.url):
            raise SiteUnreachable(f"{url} led away from the site, to {page.url}")
        if status >= SERVER_ERROR:
            raise SiteUnreachable(f"{url} answered {status}")
        if status in NOT_FOUND:
            return False
        if status == FORBIDDEN:
            raise PageLocked(f"{url} answered {status}")
    return True


async def refuse_challenge(page: Page, profile: Profile, status: int) -> None:
    """Raise when the page asks for proof of a human."""
    if status in profile.challenge.statuses:
        raise ChallengeShown(f"{page.url} answered {status}", remedy="a person must look")
    for selector in profile.challenge.selectors:
        if await page.locator(selector).count():
            raise ChallengeShown(f"{page.url} shows {selector}", remedy="a person must look")


async def require_signed_in(page: Page, profile: Profile) -> None:
    """Raise when the page shows nobody logged in."""
    if not await page.locator(profile.sign_in.signed_in).count():
        raise LoggedOut(f"{page.url} shows nobody signed in", remedy="ghostproof login")


async def require(page: Page, name: str, selector: str) -> None:
    """Raise unless exactly one element fits; `name` is the selector's key in the profile."""
    count = await page.locator(selector).count()
    if count != 1:
        raise SiteChanged(
            f"{name} ({selector}) finds {count} elements on {page.url}, needs 1",
            remedy="run `ghostproof site check`, then mend the profile",
        )


async def require_own_name(page: Page, profile: Profile, handle: str) -> str:
    """Return our name as the site writes it; raise when the session is another account's."""
    rule = profile.sign_in.own_name
    await require(page, "sign_in.own_name", rule)
    name = (await page.locator(rule).inner_text()).strip()
    if name.casefold() != handle.casefold():
        raise LoggedOut(
            f"the session belongs to {name}, not to {handle}", remedy="ghostproof login"
        )
    return name
