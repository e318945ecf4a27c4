"""Checking a profile against the live site: its pages are opened and each selector is asked for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import quote

from playwright.async_api import Page

from edge.browser.account import Account
from edge.browser.closing import close
from edge.browser.interlock import Denials, Interlock
from edge.browser.pages import arrive, site_errors
from edge.browser.probing import Probe, Probed
from edge.browser.site_pages import (
    check_front,
    check_listing,
    check_original_form,
    check_own_posts,
    check_reply_form,
    check_sign_in,
    check_thread,
)
from edge.gate.tokens import Role
from schema.errors import NoBrowser, SiteError, SiteUnreachable

Check = Callable[[Probe], Awaitable[list[str] | None]]


class SiteCheck:
    """Reads one account's site as its worker would. Nothing is typed and nothing can be sent."""

    def __init__(self, account: Account, keyword: str) -> None:
        """Check through this account; `keyword` is what the site's search is asked for."""
        self._account = account
        self._profile = account.profile
        self._keyword = keyword
        self._found: list[Probed] = []

    async def run(self) -> list[Probed]:
        """Open page after page and return every answer.

        Raises:
            NoBrowser: there is nothing to open pages with.
            SiteUnreachable: not even the log-in page was answered.
        """
        profile, base = self._profile, self._profile.base_url
        await self._anonymous(base + profile.sign_in.url)
        handle = self._account.handle
        await self._page(
            "front page", f"{base}/", lambda probe: check_front(probe, profile, handle)
        )
        threads = await self._lists()
        authors: list[str] = []
        if threads:
            authors = await self._page("thread", threads[0], self._thread_and_form)
        else:
            self._missing("thread", "no list shows a root post to open")
        await self._author(authors)
        if (form := profile.original) is not None:
            page = base + form.open
            await self._page("original", page, lambda probe: check_original_form(probe, form))
        await self._own_posts()
        return self._found

    async def _lists(self) -> list[str]:
        sources, base = self._profile.sources, self._profile.base_url
        search = sources.keyword.url.format(query=quote(self._keyword, safe=""))
        lists = {
            "sources.curated.directory": sources.curated.directory,
            **{f"sources.viral.{name}": query.url for name, query in sources.viral.items()},
            "sources.keyword": search,
        }
        seen: dict[str, list[str]] = {}
        for name, path in lists.items():
            if path not in seen:
                seen[path] = await self._page(name, base + path, self._listing)
        return [url for urls in seen.values() for url in urls]

    async def _author(self, authors: list[str]) -> None:
        if not authors:
            return
        number = self._profile.author_number(authors[0])
        path = self._profile.sources.curated.url.format(id=number)
        await self._page("sources.curated", self._profile.base_url + path, self._listing)

    async def _own_posts(self) -> None:
        try:
            url = await self._account.own_profile_url()
        except SiteError as error:
            self._missing("own profile", error.message, error.remedy)
            return
        await self._page("own profile", url, lambda probe: check_own_posts(probe, self._profile))

    async def _listing(self, probe: Probe) -> list[str]:
        return await check_listing(probe, self._profile)

    async def _thread_and_form(self, probe: Probe) -> list[str]:
        authors = await check_thread(probe, self._profile)
        await check_reply_form(probe, self._profile)
        return authors

    async def _page(self, name: str, url: str, check: Check) -> list[str]:
        async def read(page: Page) -> list[str]:
            probe = Probe(page)
            try:
                async with site_errors(f"looking at {url}"):
                    return await check(probe) or []
            finally:
                self._found += probe.found

        try:
            found = await self._account.look(url, read)
        except NoBrowser:
            raise
        except SiteError as error:
            self._missing(name, error.message, error.remedy)
            return []
        if found is None:
            self._missing(name, f"the site has no page {url}")
        return found or []

    async def _anonymous(self, url: str) -> None:
        """Look at the log-in page as somebody whom the site does not know."""
        browser = await self._account.engine.browser()
        proxy = self._account.engine.gate.proxy(Role.READER)
        context = await browser.new_context(
            service_workers="block", locale=self._profile.language, proxy={"server": proxy}
        )
        try:
            await Interlock(self._profile, Denials()).guard(context)
            page = await context.new_page()
            probe = Probe(page)
            if not await arrive(page, self._profile, url):
                self._missing("log-in page", f"the site has no page {url}")
                return
            async with site_errors(f"looking at {url}"):
                await check_sign_in(probe, self._profile)
            self._found += probe.found
        except SiteUnreachable:
            raise
        except SiteError as error:
            self._missing("log-in page", error.message, error.remedy)
        finally:
            await close(context)

    def _missing(self, name: str, saw: str, fix: str = "") -> None:
        """Keep that a whole page could not be looked at."""
        fix = fix or f"check the profile's address for: {name}"
        self._found.append(Probed(name, "", "", ok=False, saw=saw, fix=fix))
