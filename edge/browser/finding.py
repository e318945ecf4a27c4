"""Whether there is a Chromium at all, asked before a worker begins."""

from __future__ import annotations

from pathlib import Path

from edge.browser.chromium import find_chromium
from schema.errors import NoBrowser


async def require_chromium() -> Path:
    """Return the Chromium that will be used; Playwright is asked only when the system has none.

    Raises:
        NoBrowser: there is none; the remedy says how to get one.
    """
    try:
        return find_chromium()
    except NoBrowser:
        from playwright.async_api import async_playwright  # noqa: PLC0415 - slow, rarely needed

        async with async_playwright() as playwright:
            return find_chromium(playwright.chromium.executable_path)
