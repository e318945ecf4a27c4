"""The browser process behind its gate: started when first needed, again after a crash.

Three processes may crash: the browser, its gate, and Playwright's driver between it and us.
"""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, Playwright
from playwright.async_api import Error as BrowserError

from edge.browser.chromium import find_chromium, launch_flags
from edge.browser.closing import close
from edge.browser.driver import started
from edge.gate.client import Gate
from schema.errors import NoBrowser

LAUNCH_TIMEOUT_MS = 30_000
ANSWER_S = 5.0
"""A browser that says nothing for so long is busy; one whose driver is gone refuses at once."""


class Engine:
    """One Chromium for one site. It reaches nothing but the gate."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._start: asyncio.Task[Browser] | None = None
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def browser(self) -> Browser:
        """Return the running browser; start one if there is none, or if a part of it died.

        Whoever asks may be out of time meanwhile; what was begun is not left half-done for that,
        but finished for the next who asks.
        """
        if self._start is None or self._start.done():
            self._start = asyncio.create_task(self._running())
            self._start.add_done_callback(_heeded)
        return await asyncio.shield(self._start)

    async def _running(self) -> Browser:
        if self._browser is not None and not await _answers(self._browser):
            await self._close_browser()
            await self._stop_driver()
        if not self.gate.alive:
            await self._close_browser()  # the new gate listens elsewhere
            await self.gate.start()
        if self._browser is None:
            self._browser = await self._launch()
        return self._browser

    async def close(self) -> None:
        """End the browser, its driver and its gate."""
        if self._start is not None:
            await asyncio.wait([self._start])
        await self._close_browser()
        await self._stop_driver()
        await self.gate.stop()

    async def _close_browser(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None and browser.is_connected():
            await close(browser)

    async def _stop_driver(self) -> None:
        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            await playwright.stop()

    async def _launch(self) -> Browser:
        if self._playwright is None:
            self._playwright = await started()
        chromium = self._playwright.chromium
        executable = find_chromium(chromium.executable_path)
        try:
            return await chromium.launch(
                executable_path=executable,
                args=launch_flags(self.gate.flags()),
                timeout=LAUNCH_TIMEOUT_MS,
            )
        except BrowserError as error:
            await self._stop_driver()  # it may be the one that is gone
            raise NoBrowser(
                f"{executable} did not start: {error.message.splitlines()[0]}",
                remedy="run it by hand with --headless to see why, or set CHROMIUM_PATH",
            ) from None


async def _answers(browser: Browser) -> bool:
    """Ask the browser itself: one whose driver died says for ever that it is connected."""
    if not browser.is_connected():
        return False
    try:
        async with asyncio.timeout(ANSWER_S):
            session = await browser.new_browser_cdp_session()
            await session.detach()
    except BrowserError:
        return False
    except TimeoutError:
        pass
    return True


def _heeded(start: asyncio.Task[Browser]) -> None:
    """Look at how a start ended: where nobody waits for it any more, nobody else does."""
    if not start.cancelled():
        start.exception()
