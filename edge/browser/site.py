"""One account on one site in a real browser: reading, our own profile, and the reply form."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page

from edge.browser.account import Account
from edge.browser.closing import close
from edge.browser.composer import PageComposer
from edge.browser.interlock import Denied
from edge.browser.original import OriginalComposer
from edge.browser.own_profile import OwnProfile
from edge.browser.pages import require, require_own_name, site_errors, visit
from edge.browser.pressing import Locks
from edge.browser.reader import SourceReader
from edge.browser.sighting import Before
from edge.browser.verdict import form_of, observed
from edge.ports import ClickObservation, Target
from edge.sites.parts import Original
from schema.errors import BadInput, NoForm, SiteError
from schema.posts import Post, ProfileReading, Source

SETTLE_S = 5.0
"""To wait for an answer that may still come while an earlier click is settled."""


class BrowserSite:
    """The `Site` of `edge.ports`, through a profile and Chromium."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self.handle = account.handle
        self._sources = SourceReader(account)
        self._own = OwnProfile(account)

    @property
    def denied(self) -> list[Denied]:
        """Every writing request that was not let out and that the profile does not expect."""
        return list(self._account.denials.alarming)

    @property
    def chatter(self) -> list[Denied]:
        """The denied writing requests that this site's pages are known to try by themselves."""
        return list(self._account.denials.chatter)

    async def source(self, source: Source, query: str, *, limit: int) -> list[Post]:
        """Return the posts of one source, newest first, at most `limit`."""
        groups = [group async for group in self.source_pages(source, query, limit=limit)]
        posts = [post for group in groups for post in group]
        return sorted(posts, key=lambda p: p.posted_at.timestamp() if p.posted_at else 0)[::-1]

    async def source_pages(
        self, source: Source, query: str, *, limit: int
    ) -> AsyncIterator[list[Post]]:
        """Yield the same in small groups, so that a timeout keeps what was read."""
        async for group in self._sources.pages(source, query, limit):
            yield group

    async def profile(
        self, *, back_to: str | None, limit: int, older_than: str | None = None
    ) -> ProfileReading:
        """Our own posts back to `back_to` or to the beginning, at most `limit`."""
        return await self._own.read(back_to, limit, older_than)

    async def post(self, post_id: str) -> Post | None:
        """One post by its id, None when the site says that it does not exist."""
        kind, _ = self._account.profile.split_id(post_id)
        if kind == self._account.profile.ids.root:
            return await self._sources.root(post_id)
        return await self._sources.reply(post_id)

    @asynccontextmanager
    async def composer(self, target: Target | None) -> AsyncIterator[PageComposer]:
        """Open the target's page logged in, with the reply form ready; without one, originals'."""
        profile, composer, number, newest_before = self._account.profile, PageComposer, "", 0
        if target is None:
            composer = OriginalComposer
            if profile.original is None:
                raise NoForm(f"the profile {profile.name} has no form for originals")
        else:
            number = self._root_number(target.post_id)
            newest_before = await self._own.newest_number()
        context, interlock = await self._account.new_context(text_only=False)
        try:
            async with site_errors(f"opening the {composer.name} form"):
                page = await context.new_page()
            await self._open_form(page, composer.name, number)
            locks = Locks(interlock, self._account.engine.gate)
            answered = target.post_id if target else None
            yield composer(page, locks, profile, Before(self.handle, answered, newest_before))
        finally:
            await close(context)

    def _root_number(self, post_id: str) -> str:
        kind, number = self._account.profile.split_id(post_id)
        if kind != self._account.profile.ids.root:
            raise BadInput(f"{post_id} is not a root post", remedy="replies go to root posts")
        return number

    async def settled(self, permit_id: str) -> ClickObservation | None:
        """Return what the gate's journal proves of an earlier click; nothing leaves afterwards.

        None when no token under this permit was ever made on this machine.
        """
        gate = self._account.engine.gate
        seen = await gate.disarm(permit_id)
        if seen is not None and not seen.final:
            seen = await gate.observe(permit_id, wait_s=SETTLE_S)
        return None if seen is None else observed(self._account.profile, seen)

    async def close(self) -> None:
        """Release the browser."""
        await self._account.close()

    async def _open_form(self, page: Page, name: str, number: str) -> None:
        profile = self._account.profile
        form, _ = form_of(profile, name)
        url = profile.base_url + form.open.format(id=number)
        if not await visit(page, profile, url):
            raise SiteError(f"the page {url} does not exist any more")
        async with site_errors(f"opening the {name} form"):
            await require_own_name(page, profile, self.handle)
            await require(page, f"{name}.composer", form.composer)
            await require(page, f"{name}.submit", form.submit)
            if isinstance(form, Original):
                await require(page, "original.title", form.title)


async def open_browser_site(account: Account) -> BrowserSite:
    """Start the browser and make sure that the session is there and ours."""
    try:
        await account.own_profile_url()
    except BaseException:
        await account.close()
        raise
    return BrowserSite(account)
