"""The reply form: filled, read back, and pressed once through the interlock."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from dataclasses import replace

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, Request, Response
from playwright.async_api import TimeoutError as BrowserTimeout

from edge.browser.first_sign import FirstSign
from edge.browser.interlock import Denied, Interlock, Token
from edge.browser.pages import require, site_errors, visit
from edge.browser.reading import read_thread
from edge.browser.verdict import Answer, accepted_number, judged
from edge.ports import ClickObservation, Observed
from edge.sites.profile import Profile
from schema.errors import SiteChanged, SiteError

ERRORS_TIMEOUT_MS = 5_000


class PageComposer:
    """One open reply form, made for one click.

    `newest_before` is the highest number among our own posts before the click: a redirect to a
    post that is not newer proves that the site wrote nothing.
    """

    def __init__(
        self, page: Page, interlock: Interlock, profile: Profile, *, handle: str, newest_before: int
    ) -> None:
        self._page = page
        self._interlock = interlock
        self._profile = profile
        self._handle = handle
        self._newest_before = newest_before
        self._pressed = False
        self._so_far: ClickObservation | None = None

    async def fill(self, text: str) -> None:
        """Put the text into the composer and try, without pressing, that the button can be."""
        async with site_errors("filling the reply form"):
            await self._page.fill(self._profile.reply.composer, text)
            await self._page.click(self._profile.reply.submit, trial=True)

    async def read_back(self) -> str:
        """Return the text that the composer holds now, exactly."""
        async with site_errors("reading the reply form"):
            return await self._page.input_value(self._profile.reply.composer)

    async def target_post_id(self) -> str:
        """Return the id of the post that this form answers, read from the page."""
        rule = self._profile.reply.target
        async with site_errors("reading the reply form's target"):
            await require(self._page, "reply.target", rule.selector)
            named = await self._page.get_attribute(rule.selector, rule.attribute) or ""
        found = re.search(rule.pattern, named)
        if found is None:
            raise SiteChanged(f"reply.target: {named[:100]!r} names no post")
        return self._profile.ids.root.prefix + found["id"]

    async def click(self, *, permit_id: str, text: str, timeout_s: float) -> ClickObservation:
        """Press once and say what the site's answer proved; never raises for the world's doings.

        `permit_id` is the caller's own; the token is bound to the address and to the text.
        """
        started = time.monotonic()
        if self._pressed:
            return ClickObservation(Observed.NOT_SENT, f"second click under {permit_id}")
        self._pressed = True
        observation = await self._click(text, timeout_s)
        return replace(observation, elapsed_ms=int((time.monotonic() - started) * 1_000))

    async def _click(self, text: str, timeout_s: float) -> ClickObservation:
        rule = self._profile.reply.request
        try:
            _, number = self._profile.split_id(await self.target_post_id())
        except (SiteError, BrowserError) as error:
            return ClickObservation(Observed.NOT_SENT, f"before the click: {error}")
        url = self._profile.base_url + rule.path.format(id=number)
        token = self._interlock.arm(rule, url, text)
        try:
            async with asyncio.timeout(timeout_s):
                return await self._press(token, timeout_s)
        except TimeoutError:
            return self._without_answer(token, f"no answer within {timeout_s:g} s")
        except (BrowserError, SiteError) as error:
            return self._without_answer(token, str(error).splitlines()[0])
        finally:
            token.destroy()

    async def _press(self, token: Token, timeout_s: float) -> ClickObservation:
        first = FirstSign(self._page, self._interlock, token)
        await self._page.click(
            self._profile.reply.submit, no_wait_after=True, timeout=timeout_s * 1_000
        )
        match await first.seen():
            case Denied() as denied:
                token.destroy()
                return self._without_answer(token, f"the page sent something else: {denied.url}")
            case Page():
                return self._without_answer(token, "the page is gone")
            case Request() as lost:
                return self._without_answer(token, f"the request failed: {lost.failure}")
            case Response() as response:
                return await self._judge(response)

    async def _judge(self, response: Response) -> ClickObservation:
        rule = self._profile.reply
        status = response.status
        location = await response.header_value("location") or ""
        if number := accepted_number(rule, Answer(status, location)):
            return await self._sighted(number, status)
        errors = {} if location else await self._errors_shown()
        return judged(rule, Answer(status, location, errors))

    async def _errors_shown(self) -> dict[str, str]:
        """Texts of the error elements on the page that the answer brings, {} without any."""
        refusals = self._profile.reply.refusals
        selectors = sorted({refusal.selector for refusal in refusals if refusal.selector})
        # The form's own page shows none, so the first one to appear stands on the answer's page.
        anywhere = self._page.locator(", ".join(selectors)).first
        with contextlib.suppress(BrowserTimeout):
            await anywhere.wait_for(state="attached", timeout=ERRORS_TIMEOUT_MS)
        return {
            selector: " ".join(await self._page.locator(selector).all_inner_texts())
            for selector in selectors
        }

    async def _sighted(self, number: str, status: int) -> ClickObservation:
        """Look where the redirect led: a new post of ours, or one that stood there before."""
        stale = ClickObservation(
            Observed.REFUSED, self._profile.reply.accepted.stale_means, http_status=status
        )
        if number.isdecimal() and int(number) <= self._newest_before:
            return stale
        posted_id = self._profile.ids.reply.prefix + number
        seen = ClickObservation(
            Observed.UNKNOWN,
            "redirected, but the post was not seen",
            http_status=status,
            posted_id=posted_id,
            posted_url=self._profile.post_url(posted_id),
        )
        self._so_far = seen
        try:
            author = await self._author_of(number)
        except (SiteError, BrowserError):
            return seen
        if author and author != self._handle.casefold():
            return stale
        return replace(seen, observed=Observed.ACCEPTED, detail="seen") if author else seen

    async def _author_of(self, number: str) -> str:
        """Whose the post with this number is, by a fresh look in a page of its own."""
        page = await self._page.context.new_page()
        posted_id = self._profile.ids.reply.prefix + number
        await visit(page, self._profile, self._profile.post_url(posted_id))
        sheet = await read_thread(page, self._profile.thread)
        found = next((item for item in sheet.items if item.id == number), None)
        return found.values["author"].casefold() if found else ""

    def _without_answer(self, token: Token, why: str) -> ClickObservation:
        """Not sent only if provable: the page lives, and nothing took the now dead token."""
        token.destroy()
        if self._so_far is not None:
            return self._so_far
        browser = self._page.context.browser
        alive = not self._page.is_closed() and browser is not None and browser.is_connected()
        if token.request is None and alive:
            return ClickObservation(Observed.NOT_SENT, f"no request left: {why}")
        return ClickObservation(Observed.UNKNOWN, why)
