"""A picture of one page, as anybody sees it who is not logged in."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from edge.browser.engine import Engine
from edge.gate.client import Gate
from edge.gate.process import Place

WIDTH_PX, HEIGHT_PX = 1200, 900


async def screenshot(url: str, file: Path) -> None:
    """Save a PNG of the page, scrolled to what its address names.

    Raises:
        NoBrowser: there is no Chromium.
    """
    parts = urlsplit(url)
    gate = Gate(Place(file.parent / "gate"), [f"{parts.scheme}://{parts.netloc}"])
    engine = Engine(gate)
    try:
        browser = await engine.browser()
        page = await browser.new_page(viewport={"width": WIDTH_PX, "height": HEIGHT_PX})
        await page.goto(url)
        await page.screenshot(path=file)
    finally:
        await engine.close()
