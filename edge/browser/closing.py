"""Closing: a page, a context or a browser is given some seconds to go, and then left behind."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Protocol

from playwright.async_api import Error as BrowserError

CLOSE_S = 5.0
"""A page in the middle of something may never say that it is closed."""


class Closable(Protocol):
    """What Playwright closes on demand."""

    async def close(self) -> None:
        """Close it, and return when it is gone."""


async def close(thing: Closable) -> None:
    """Close it if that can be done; a crash has closed it already."""
    with suppress(BrowserError, TimeoutError):
        async with asyncio.timeout(CLOSE_S):
            await thing.close()
