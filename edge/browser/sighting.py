"""A fresh look at the post that a redirect names: ours, somebody else's, or not there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from playwright.async_api import BrowserContext
from playwright.async_api import Error as BrowserError

from edge.browser.pages import visit
from edge.browser.reading import read_thread
from edge.browser.verdict import stale
from edge.ports import ClickObservation, Observed
from edge.sites.profile import Profile
from schema.errors import SiteError


@dataclass(frozen=True)
class Before:
    """What stood before the click: who we are, and the highest number among our own posts.

    A redirect to a post that is not newer proves that the site wrote nothing.
    """

    handle: str
    newest_number: int


async def sighted(
    context: BrowserContext, profile: Profile, handle: str, accepted: ClickObservation
) -> ClickObservation:
    """Look where an accepted click's redirect led. A look that fails changes nothing."""
    _, number = profile.split_id(accepted.posted_id or "")
    try:
        author = await _author_of(context, profile, number)
    except (SiteError, BrowserError):
        return accepted
    if not author:
        return replace(
            accepted, observed=Observed.UNKNOWN, detail="redirected, but the post was not seen"
        )
    if author != handle.casefold():
        return stale(profile.reply, accepted.http_status)
    return replace(accepted, detail="seen")


async def _author_of(context: BrowserContext, profile: Profile, number: str) -> str:
    """Whose the post with this number is, by a fresh look in a page of its own."""
    page = await context.new_page()
    await visit(page, profile, profile.post_url(profile.ids.reply.prefix + number))
    sheet = await read_thread(page, profile.thread)
    found = next((item for item in sheet.items if item.id == number), None)
    return found.values["author"].casefold() if found else ""
