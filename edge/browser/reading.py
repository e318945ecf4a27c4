"""Read values out of a page by the profile's selectors: one look at the page, plain values back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from edge.browser.pages import site_errors
from edge.sites.parts import Listing, OwnPosts, Thread, Time, Value
from schema.errors import SiteChanged
from schema.text import normalised, storable

READ_ITEMS = Path(__file__).with_name("read_items.js").read_text(encoding="utf-8")
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Item:
    """One item of a page. Texts are normalised; an element that is missing gives ""."""

    id: str
    opening: bool
    values: dict[str, str]

    def number(self, name: str) -> int:
        """Return the first whole number in a value, 0 without one."""
        found = _NUMBER.search(self.values[name].replace(",", ""))
        return int(found[0]) if found else 0

    def time(self, rule: Time) -> datetime | None:
        """Return the item's time in UTC, None when it fits none of the formats."""
        return moment_of(self.values["time"], rule)


def moment_of(text: str, rule: Time) -> datetime | None:
    """Return a time in UTC as the page writes it, None when it fits none of the formats."""
    for form in rule.formats:
        try:
            moment = datetime.strptime(text, form)  # noqa: DTZ007  see below
        except ValueError:
            continue
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


@dataclass(frozen=True)
class Sheet:
    """What one page held: its items, the page's own values, the next page's address."""

    items: tuple[Item, ...]
    page: dict[str, str]
    next_url: str | None


async def read_listing(page: Page, rule: Listing, *, skipping: bool = True) -> Sheet:
    """Read a list of root posts; without `skipping`, the rows that nobody can answer too."""
    spec = {
        "item": rule.row,
        "skip": rule.skip if skipping else "",
        "fields": _fields(link=rule.link, replies=rule.replies),
    }
    return await _read(page, "listing", rule, spec, rule.empty)


async def read_thread(page: Page, rule: Thread) -> Sheet:
    """Read a root post and its replies."""
    spec = {
        "item": rule.item,
        "id": rule.id_attribute,
        "opening": rule.opening,
        "page": _fields(title=rule.title),
        "fields": _fields(
            author=rule.author,
            author_link=rule.author_link,
            text=rule.text,
            time=rule.time,
            likes=rule.likes,
        ),
    }
    sheet = await _read(page, "thread", rule, spec, "")
    _require_values(page, "thread", sheet, ("author", "time"))
    return sheet


async def read_own_posts(page: Page, rule: OwnPosts) -> Sheet:
    """Read one page of our own posts."""
    none = Value(selector=":not(*)")  # a site whose posts have no title
    fields = _fields(link=rule.link, text=rule.text, time=rule.time, title=rule.title or none)
    sheet = await _read(page, "own_posts", rule, {"item": rule.item, "fields": fields}, rule.empty)
    _require_values(page, "own_posts", sheet, ("link", "time"))
    return sheet


async def _read(
    page: Page, part: str, rule: Listing | Thread | OwnPosts, spec: dict[str, Any], empty: str
) -> Sheet:
    asked = {"page": {}, "skip": "", "id": "", "opening": "", "ready": rule.ready} | spec
    asked["next"] = rule.next
    async with site_errors(f"reading {page.url}"):
        seen = await page.evaluate(READ_ITEMS, asked)
    if not seen["ready"]:
        raise _changed(page, f"{part}.ready", rule.ready)
    if not seen["found"] and not (empty and re.search(empty, seen["text"])):
        raise _changed(page, f"{part}.item", spec["item"])
    items = tuple(
        Item(str(item.pop("id") or ""), bool(item.pop("opening")), _clean(item))
        for item in seen["items"]
    )
    return Sheet(items, _clean(seen["page"]), seen["next"])


def _require_values(page: Page, part: str, sheet: Sheet, names: tuple[str, ...]) -> None:
    for name in names:
        if any(not item.values[name] for item in sheet.items):
            raise _changed(page, f"{part}.{name}", "in every item")


def _changed(page: Page, key: str, selector: str) -> SiteChanged:
    return SiteChanged(
        f"{key} ({selector}) finds nothing on {page.url}",
        remedy="run `ghostproof site check`, then mend the profile",
    )


def _fields(**values: Value) -> dict[str, dict[str, str]]:
    return {
        name: value.model_dump(include={"selector", "attribute", "without"})
        for name, value in values.items()
    }


def _clean(values: dict[str, str | None]) -> dict[str, str]:
    return {name: normalised(storable(value or "")) for name, value in values.items()}
