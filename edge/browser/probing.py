"""Probing one page: how often a selector fits, and what the values in its items look like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page

from edge.browser.reading import READ_ITEMS
from edge.sites.parts import Value
from schema.text import normalised

MEND = "open {page}, find what shows it now, and mend {key} in the profile"
SHOWN_CHARS_MAX = 60


@dataclass(frozen=True)
class Probed:
    """One key of the profile against one page; `fix` says what to do when it is not ok."""

    key: str
    selector: str
    page: str
    ok: bool
    saw: str
    fix: str = ""


@dataclass
class Probe:
    """Asks one page, and keeps what came out, in the order of the questions."""

    page: Page
    found: list[Probed] = field(default_factory=list)

    async def one(self, key: str, selector: str) -> None:
        """Ask for exactly one element."""
        await self._count(key, selector, lambda count: count == 1, "needs exactly 1")

    async def some(self, key: str, selector: str) -> None:
        """Ask for one element or more."""
        await self._count(key, selector, lambda count: count > 0, "needs 1 or more")

    async def any_number(self, key: str, selector: str) -> None:
        """Ask whether the page understands the selector at all: it need not fit anything here."""
        await self._count(key, selector, lambda _: True, "")

    async def values(
        self, key: str, items: str, value: Value, fits: Callable[[str], bool], needs: str
    ) -> list[str]:
        """Ask whether the value in every item is what is needed; return the values."""
        selector = f"{value.selector} [{value.attribute}]" if value.attribute else value.selector
        try:
            read = await self.read(items, value)
        except BrowserError as error:
            self.note(key, selector, ok=False, saw=_first_line(error))
            return []
        bad = [text for text in read if not fits(text)]
        saw = f"fits in all of {len(read)}"
        if bad:
            shown = repr(bad[0][:SHOWN_CHARS_MAX]) if bad[0] else "nothing"
            saw = f"{len(bad)} of {len(read)} give {shown}; needs {needs}"
        self.note(key, selector, ok=not bad, saw=saw)
        return read

    async def read(self, items: str, value: Value) -> list[str]:
        """Return the value in every item, "" where there is none. Raises the browser's errors."""
        spec = {
            "item": items,
            "fields": {"value": {"selector": value.selector, "attribute": value.attribute}},
            "ready": "html",
            "page": {},
        }
        seen = await self.page.evaluate(READ_ITEMS, spec)
        return [normalised(item["value"] or "") for item in seen["items"]]

    async def count(self, selector: str) -> int:
        """Return how many elements fit."""
        return await self.page.locator(selector).count()

    def note(self, key: str, selector: str, *, ok: bool, saw: str) -> None:
        """Keep one answer."""
        fix = "" if ok else MEND.format(page=self.page.url, key=key)
        self.found.append(Probed(key, selector, self.page.url, ok, saw, fix))

    async def _count(
        self, key: str, selector: str, fits: Callable[[int], bool], needs: str
    ) -> None:
        try:
            count = await self.count(selector)
        except BrowserError as error:  # no selector at all
            self.note(key, selector, ok=False, saw=_first_line(error))
            return
        ok = fits(count)
        self.note(key, selector, ok=ok, saw=f"{count} found" + ("" if ok else f", {needs}"))


def _first_line(error: BrowserError) -> str:
    return error.message.splitlines()[0][:200]
