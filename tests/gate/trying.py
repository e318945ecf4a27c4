"""A bare browser that tries every way of `ways.js` on a counting site."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page, async_playwright
from playwright.async_api import Error as BrowserError

from edge.browser.chromium import find_chromium
from tests.gate.counting_site import PAGE, CountingSite

WAYS = (Path(__file__).parent / "ways.js").read_text()
RACES = 10
"""Each of the ways that race against a closing page is tried so often."""
SETTLED_WITHIN_S = 1.0
"""For a way to say that it is done; one that never does has begun all the same."""

JS, HTML = {"content-type": "text/javascript"}, {"content-type": "text/html"}
POST = b"fetch(location.search.slice(1), {method: 'POST', body: 'x'})"
SCRIPTED = PAGE + b"<script>" + POST + b"</script>"
ANSWERS = {
    "/worker.js": (200, JS, POST),
    "/service.js": (200, JS, b"oninstall = (e) => e.waitUntil(" + POST + b")"),
    "/writing": (200, HTML, SCRIPTED),
    "/reporting": (
        200,
        HTML | {"content-security-policy": "script-src 'none'; report-uri /w/csp-report"},
        SCRIPTED,
    ),
    "/redirect": (307, {"location": "/w/redirect-307"}, b""),
}


@dataclass(frozen=True)
class Ways:
    """The names of the ways: tried while the page stays, and while it is torn down."""

    at_once: list[str]
    closing: list[str]

    @property
    def all(self) -> set[str]:
        return {*self.at_once, *self.closing}


@asynccontextmanager
async def chromium(flags: list[str]) -> AsyncIterator[Browser]:
    """Run a browser with nothing of ours inside."""
    async with async_playwright() as playwright:
        path = find_chromium(playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(executable_path=path, args=flags)
        try:
            yield browser
        finally:
            await browser.close()


async def try_all(context: BrowserContext, site: CountingSite) -> Ways:
    """Try every way, the racing ones several times, and return their names."""
    site.answers.update(ANSWERS)
    page = await context.new_page()
    names = await page.evaluate(f"() => Object.values({WAYS}).map((ways) => Object.keys(ways))")
    ways = Ways(*names)
    for name in ways.at_once:
        await _try(await context.new_page(), site, name)
    for name in ways.closing * RACES:
        page = await context.new_page()
        await _try(page, site, name)
        await page.close()
    return ways


async def _try(page: Page, site: CountingSite, name: str) -> None:
    """Open the site and try one way; whatever becomes of the page is fine with us."""
    with suppress(BrowserError, TimeoutError):
        await page.goto(f"{site.url}/")
        async with asyncio.timeout(SETTLED_WITHIN_S):
            await page.evaluate(
                f"""async ([name, url]) => {{
                    const {{ atOnce, closing }} = {WAYS};
                    await {{ ...atOnce, ...closing }}[name](url);
                }}""",
                [name, f"{site.url}/w/{name}"],
            )
