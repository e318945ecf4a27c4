"""One account's browser: guarded contexts that carry its session, renewed when it is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

from playwright.async_api import Browser, BrowserContext, Page

from edge.browser.closing import close
from edge.browser.engine import Engine
from edge.browser.interlock import Denials, Interlock
from edge.browser.pages import require_own_name, site_errors, visit
from edge.browser.session import read_session, stamp_of, write_session
from edge.browser.signin import sign_in
from edge.gate.client import Gate
from edge.gate.process import Place
from edge.gate.tokens import Role
from edge.sites.profile import Profile
from edge.stages import Stage, during
from schema.errors import LoggedOut, NoSession, SiteChanged

if TYPE_CHECKING:
    from playwright._impl._api_structures import SetCookieParam  # exported nowhere else

TIMEOUT_S = 30.0
T = TypeVar("T")


@dataclass
class Account:
    """Who reads and posts, where, and by which session."""

    profile: Profile
    handle: str
    password: str | None
    session_path: Path
    gate_place: Place
    timeout_s: float = TIMEOUT_S
    denials: Denials = field(default_factory=Denials)

    def __post_init__(self) -> None:
        self.engine = Engine(Gate(self.gate_place, self.profile.origins))
        self._renewing = asyncio.Lock()
        self._opening = asyncio.Lock()
        self._renewals = 0
        self._held: tuple[int, int] | None = None
        self._reading: tuple[Browser, BrowserContext] | None = None
        self._idle: list[Page] = []
        self._own_profile_url: str | None = None

    async def close(self) -> None:
        """End the browser."""
        await self.engine.close()

    async def own_profile_url(self) -> str:
        """Where our own posts are listed. Also checks that the session is really ours."""
        if self._own_profile_url is None:
            self._own_profile_url = await self.look(f"{self.profile.base_url}/", self._find_own)
        if self._own_profile_url is None:
            raise SiteChanged(f"{self.profile.base_url} has no front page", remedy="check base_url")
        return self._own_profile_url

    async def look(self, url: str, read: Callable[[Page], Awaitable[T]]) -> T | None:
        """Open `url` for reading and return what `read` finds, None when there is no such page.

        Where a session is lost, one that somebody made meanwhile is taken up, else it is renewed
        once if the password is known.
        """
        await self.reading_context()  # so that `held` is the session that this look goes by
        renewals, held = self._renewals, self._held
        try:
            return await self._look(url, read)
        except LoggedOut:
            if not await self._taken_up(held):
                if self.password is None:
                    raise
                await self._renew(self.password, renewals)
            return await self._look(url, read)

    async def new_context(self, *, text_only: bool) -> tuple[BrowserContext, Interlock]:
        """Open a guarded context with the session; the caller closes it.

        A context for `text_only` reading goes through the gate as a reader: no token lets it write.
        """
        cookies = await self._cookies()
        browser = await self.engine.browser()
        role = Role.READER if text_only else Role.POSTER
        async with site_errors("opening a browser context"):
            context = await browser.new_context(
                service_workers="block",
                locale=self.profile.language,
                accept_downloads=False,
                proxy={"server": self.engine.gate.proxy(role)},
                # Reading asks some things without a page, by a client that knows no list of
                # believed keys. It has no way out but the gate, which verifies the site.
                ignore_https_errors=text_only,
            )
            try:
                context.set_default_timeout(self.timeout_s * 1_000)
                interlock = Interlock(self.profile, self.denials, text_only=text_only)
                await interlock.guard(context)
                await context.add_cookies(cookies)
            except BaseException:  # no caller has it, so nobody else would close it
                await close(context)
                raise
        return context, interlock

    async def reading_context(self) -> BrowserContext:
        """Return the context of all reading; no writing request ever leaves it."""
        browser = await self.engine.browser()
        async with self._opening:
            if self._reading is None or self._reading[0] is not browser:
                self._held = stamp_of(self.session_path)
                context, _ = await self.new_context(text_only=True)
                self._reading = (browser, context)
            return self._reading[1]

    @asynccontextmanager
    async def reading_page(self) -> AsyncIterator[Page]:
        """Lend a page for reading; opening one costs as much as a visit, so idle ones are kept."""
        with during(Stage.BROWSER_ACQUIRE):
            page = await self._idle_page()
        try:
            yield page
        except BaseException:  # whatever went wrong may still be going on in that page
            await close(page)
            raise
        self._idle.append(page)

    async def _idle_page(self) -> Page:
        context = await self.reading_context()
        self._idle = [page for page in self._idle if page.context is context]
        async with site_errors("opening a page"):
            return self._idle.pop() if self._idle else await context.new_page()

    async def log_in(self) -> None:
        """Sign in with the password, whatever session there was. Raises `LoggedOut`."""
        if self.password is None:
            raise LoggedOut(f"no password of {self.handle}", remedy="sign in with ghostproof login")
        await self._renew(self.password, self._renewals)

    async def _renew(self, password: str, renewals: int) -> None:
        """Sign in and keep the session, unless another task has done so since `renewals`."""
        async with self._renewing:
            if renewals != self._renewals:
                return
            cookies = await sign_in(
                self.engine, self.profile, self.handle, password, timeout_s=self.timeout_s
            )
            write_session(self.session_path, cookies)
            self._renewals += 1
            await self._read_with(cookies)

    async def _taken_up(self, held: tuple[int, int] | None) -> bool:
        """Take up a session that was written since `held`: by `ghostproof login`, or for a task."""
        async with self._renewing:
            if self._held != held:
                return True
            if stamp_of(self.session_path) in {None, held}:
                return False
            await self._read_with(read_session(self.session_path) or [])
            return True

    @site_errors("taking up the session")
    async def _read_with(self, cookies: list[dict[str, Any]]) -> None:
        self._held = stamp_of(self.session_path)
        if self._reading is not None and self._reading[0].is_connected():
            await self._reading[1].clear_cookies()
            await self._reading[1].add_cookies(for_browser(cookies))

    async def _cookies(self) -> list[SetCookieParam]:
        kept = read_session(self.session_path)
        if kept is None and self.password is not None:
            await self._renew(self.password, self._renewals)
            kept = read_session(self.session_path)
        if kept is None:
            raise NoSession(
                f"{self.handle} has no session yet", remedy="sign in with `ghostproof login`"
            )
        return for_browser(kept)

    async def _look(self, url: str, read: Callable[[Page], Awaitable[T]]) -> T | None:
        async with self.reading_page() as page:
            if not await visit(page, self.profile, url):
                return None
            return await read(page)

    async def _find_own(self, page: Page) -> str:
        self.handle = await require_own_name(page, self.profile, self.handle)
        async with site_errors("finding our own profile"):
            found = page.locator(self.profile.sign_in.own_profile)
            return str(await found.first.evaluate("link => link.href"))


def for_browser(cookies: list[dict[str, Any]]) -> list[SetCookieParam]:
    """Say that these are cookies: they come from a browser, by way of a file."""
    return [cast("SetCookieParam", cookie) for cookie in cookies]
