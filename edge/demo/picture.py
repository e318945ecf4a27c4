"""A picture of a page, for people who want to see it."""

from __future__ import annotations

from pathlib import Path


async def photograph(url: str, folder: Path) -> Path:
    """Save a screenshot of the page, as anybody sees it, and return the file."""
    from edge.browser.photographing import screenshot  # noqa: PLC0415 - playwright only where it is needed

    file = folder / "demo-reply.png"
    await screenshot(url, file)
    return file
