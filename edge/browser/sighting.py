"""A fresh look at the post that a redirect names: ours, somebody else's, or not there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from playwright.async_api import BrowserContext
from playwright.async_api import Error as BrowserError

from edge.browser.pages import visit
from edge.browser.reading import read_thread
from edge.browser.verdict import ORIGINAL, form_of, stale
from edge.ports import ClickObservation, Observed
from edge.sites.profile import Profile
from schema.errors import SiteError


@dataclass(frozen=True)
class Before:
    """What stood before the click: who we are, what we answer, and our highest post number.

    `target_id` is None for an original.
    A redirect to a post that is not newer proves that the site wrote nothing.
    """

    handle: str
    target_id: str | None
    newest_number: int


async def sighted(
    context: BrowserContext, profile: Profile, handle: str, accepted: ClickObservation
) -> ClickObservation:
    """Look where an accepted click's redirect led. A look that fails changes nothing."""
    posted_id = accepted.posted_id or ""
    try:
        author = await _author_of(context, profile, posted_id)
    except (SiteError, BrowserError):
        return accepted
    if not author:
        return replace(
            accepted, observed=Observed.UNKNOWN, detail="redirected, but the post was not seen"
        )
    if author != handle.casefold():
        is_root = profile.split_id(posted_id)[0] == profile.ids.root
        form, _ = form_of(profile, ORIGINAL if is_root else "")
        return stale(form, accepted.http_status)
    return replace(accepted, detail="seen")


async def _author_of(context: BrowserContext, profile: Profile, posted_id: str) -> str:
    """Whose this post is, by a fresh look in a page of its own."""
    kind, number = profile.split_id(posted_id)
    page = await context.new_page()
    await visit(page, profile, profile.post_url(posted_id))
    sheet = await read_thread(page, profile.thread)
    is_root = kind == profile.ids.root
    items = [one for one in sheet.items if (one.opening if is_root else one.id == number)]
    found = items[0] if items else None
    return found.values["author"].casefold() if found else ""
