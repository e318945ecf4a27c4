"""Whether there is a Chromium and a driver for it, asked before a worker begins."""

from __future__ import annotations

import asyncio
from pathlib import Path

from edge.browser.chromium import find_chromium
from schema.errors import NoBrowser


async def require_chromium() -> Path:
    """Return the Chromium that will be used; Playwright is asked only when the system has none.

    Raises:
        NoBrowser: there is none, or its driver does not start; the remedy says what to do.
    """
    from edge.browser.driver import require_driver  # noqa: PLC0415 - slow

    await asyncio.to_thread(require_driver)
    try:
        return find_chromium()
    except NoBrowser:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - slow, rarely needed

        async with async_playwright() as playwright:
            return find_chromium(playwright.chromium.executable_path)
