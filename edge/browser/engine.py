"""The browser process behind its gate: started when first needed, again after a crash of either."""

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


class Engine:
    """One Chromium for one site. It reaches nothing but the gate."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self._start: asyncio.Task[Browser] | None = None
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def browser(self) -> Browser:
        """Return the running browser; start one if there is none, or if it or its gate died.

        Whoever asks may be out of time meanwhile; what was begun is not left half-done for that,
        but finished for the next who asks.
        """
        if self._start is None or self._start.done():
            self._start = asyncio.create_task(self._running())
            self._start.add_done_callback(_heeded)
        return await asyncio.shield(self._start)

    async def _running(self) -> Browser:
        if not self.gate.alive:
            await self._close_browser()  # the new gate listens elsewhere
            await self.gate.start()
        if self._browser is None or not self._browser.is_connected():
            self._browser = await self._launch()
        return self._browser

    async def close(self) -> None:
        """End the browser, its driver and its gate."""
        if self._start is not None:
            await asyncio.wait([self._start])
        await self._close_browser()
        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            await playwright.stop()
        await self.gate.stop()

    async def _close_browser(self) -> None:
        browser, self._browser = self._browser, None
        if browser is not None and browser.is_connected():
            await close(browser)

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
            raise NoBrowser(
                f"{executable} did not start: {error.message.splitlines()[0]}",
                remedy="run it by hand with --headless to see why, or set CHROMIUM_PATH",
            ) from None


def _heeded(start: asyncio.Task[Browser]) -> None:
    """Look at how a start ended: where nobody waits for it any more, nobody else does."""
    if not start.cancelled():
        start.exception()
