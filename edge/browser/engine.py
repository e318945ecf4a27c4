"""The browser process: started when first needed, started again after a crash."""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, Playwright, async_playwright
from playwright.async_api import Error as BrowserError

from edge.browser.chromium import find_chromium, launch_flags
from schema.errors import NoBrowser

LAUNCH_TIMEOUT_MS = 30_000


class Engine:
    """One Chromium for one site."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = origins
        self._starting = asyncio.Lock()
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    async def browser(self) -> Browser:
        """Return the running browser; start one if there is none or if it died."""
        async with self._starting:
            if self._browser is None or not self._browser.is_connected():
                self._browser = await self._launch()
            return self._browser

    async def close(self) -> None:
        """End the browser and its driver."""
        browser, self._browser = self._browser, None
        playwright, self._playwright = self._playwright, None
        if browser is not None and browser.is_connected():
            await browser.close()
        if playwright is not None:
            await playwright.stop()

    async def _launch(self) -> Browser:
        if self._playwright is None:
            self._playwright = await async_playwright().start()
        chromium = self._playwright.chromium
        executable = find_chromium(chromium.executable_path)
        try:
            return await chromium.launch(
                executable_path=executable,
                args=launch_flags(self._origins),
                timeout=LAUNCH_TIMEOUT_MS,
            )
        except BrowserError as error:
            raise NoBrowser(
                f"{executable} did not start: {error.message.splitlines()[0]}",
                remedy="run it by hand with --headless to see why, or set CHROMIUM_PATH",
            ) from None
