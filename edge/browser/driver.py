"""Playwright's driver: a program of its own, which may lack a library where Chromium has all."""

from __future__ import annotations

import asyncio
import subprocess
import sys

from playwright.async_api import Playwright, async_playwright

from schema.errors import NoBrowser

ASK = (sys.executable, "-m", "playwright", "--version")
ASKED_FOR_S = 30.0
"""For an answer on a busy machine; it takes a fifth of a second."""


async def started() -> Playwright:
    """Start the driver; its owner stops it.

    Raises:
        NoBrowser: it ended at once. The message has its last words.
    """
    try:
        return await async_playwright().start()
    except Exception:  # a bare one, "Connection closed", is all that Playwright says of it
        await asyncio.to_thread(require_driver)
        raise


def require_driver() -> None:
    """Raise `NoBrowser`, and say why, unless the driver starts."""
    try:
        asked = subprocess.run(
            ASK, capture_output=True, text=True, timeout=ASKED_FOR_S, check=False
        )
    except subprocess.TimeoutExpired:
        said = f"no answer within {ASKED_FOR_S:g} s"
    else:
        if not asked.returncode:
            return
        said = " ".join(asked.stderr.split()[-20:]) or f"exit code {asked.returncode}"
    raise NoBrowser(
        f"Playwright's driver does not start: {said}",
        remedy="install the library that it misses: libatomic.so.1 is in Debian's libatomic1",
    )
