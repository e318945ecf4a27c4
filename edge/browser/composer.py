"""A form that posts: filled, read back, pressed once; the gate's record says what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import re
from dataclasses import replace

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page
from playwright.async_api import TimeoutError as BrowserTimeout

from edge.browser.pages import refuse_challenge, require, site_errors
from edge.browser.pressing import Locks, Press, Pressed, pressed
from edge.browser.sighting import Before, sighted
from edge.browser.verdict import Answer, form_of, judged, observed
from edge.ports import ClickObservation, Observed
from edge.sites.profile import Profile
from schema.errors import ChallengeShown, SiteChanged, SiteError
from schema.events.challenging import ChallengeKind

ERRORS_TIMEOUT_MS = 5_000
SIGHTING_S = 10.0
"""For the look at the new post; what the gate saw stands without it."""


class PageComposer:
    """One open form, made for one click; by itself the reply form."""

    name = "reply"

    def __init__(self, page: Page, locks: Locks, profile: Profile, before: Before) -> None:
        self._page = page
        self._locks = locks
        self._profile = profile
        self._before = before
        self._pressed = False
        self._form, _ = form_of(profile, self.name)

    async def fill(self, text: str) -> None:
        """Put the text into the composer and try, without pressing, that the button can be."""
        async with site_errors(f"filling the {self.name} form"):
            await self._page.fill(self._form.composer, text)
            await self._page.click(self._form.submit, trial=True)

    async def read_back(self) -> str:
        """Return the text that the composer holds now, exactly."""
        async with site_errors(f"reading the {self.name} form"):
            return await self._page.input_value(self._form.composer)

    async def target_post_id(self) -> str | None:
        """Return the id of the post that this form answers, read from the page."""
        rule = self._profile.reply.target
        async with site_errors("reading the reply form's target"):
            await require(self._page, "reply.target", rule.selector)
            named = await self._page.get_attribute(rule.selector, rule.attribute) or ""
        found = re.search(rule.pattern, named)
        if found is None:
            raise SiteChanged(f"reply.target: {named[:100]!r} names no post")
        return self._profile.ids.root.prefix + found["id"]

    async def click(self, *, permit_id: str, text: str, until_s: float) -> ClickObservation:
        """Press once and say what the gate saw of it; never raises for the world's doings.

        The gate's token is bound to the permit, the address, the text and the time.
        """
        if self._pressed:
            return ClickObservation(Observed.NOT_SENT, f"second click under {permit_id}")
        self._pressed = True
        try:
            return await self._click(permit_id, text, until_s)
        except OSError as error:  # the journal's disk
            return ClickObservation(Observed.UNKNOWN, f"the gate's journal: {error}")

    async def _click(self, permit_id: str, text: str, until_s: float) -> ClickObservation:
        form = self._form
        try:
            target = await self.target_post_id()
        except (SiteError, BrowserError) as error:
            return ClickObservation(Observed.NOT_SENT, f"before the click: {error}")
        if target != self._before.target_id:
            detail = f"the form replies to {target}, not to {self._before.target_id} any more"
            return ClickObservation(Observed.NOT_SENT, f"before the click: {detail}")
        number = "" if target is None else self._profile.split_id(target)[1]
        url = self._profile.base_url + form.request.path.format(id=number)
        newest = self._before.newest_number
        press = Press(permit_id, form.request, url, text, until_s, newest, self.name)
        return await self._judged(await pressed(self._page, self._locks, form.submit, press))

    async def _judged(self, done: Pressed) -> ClickObservation:
        if done.seen is None:
            return ClickObservation(Observed.NOT_SENT, f"nothing was pressed: {done.sign.why}")
        seen = observed(self._profile, done.seen)
        if seen.observed is Observed.ACCEPTED:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SIGHTING_S):
                    handle = self._before.handle
                    return await sighted(self._page.context, self._profile, handle, seen)
            return seen
        if seen.observed is Observed.UNKNOWN and done.sign.answered and not done.seen.location:
            return await self._by_the_page(seen, done.seen.status)
        detail = f"{seen.detail}; {done.sign.why}" if done.sign.why else seen.detail
        return replace(seen, detail=detail, denied=seen.denied or done.sign.denied)

    async def _by_the_page(self, seen: ClickObservation, status: int) -> ClickObservation:
        """Judge an answer that is a page, by what it asks for and the errors that it shows."""
        if seen.challenge is None and await self._is_challenge():
            return replace(seen, challenge=ChallengeKind.CHALLENGE)
        try:
            errors = await self._errors_shown()
        except BrowserError:
            errors = {}
        by_page = judged(self._form, Answer(status, "", errors))
        return replace(by_page, challenge=seen.challenge)

    async def _is_challenge(self) -> bool:
        try:
            await refuse_challenge(self._page, self._profile, 0)
        except ChallengeShown:
            return True
        except BrowserError:  # the page is gone: it can be asked nothing
            return False
        return False

    async def _errors_shown(self) -> dict[str, str]:
        """Texts of the error elements on the page that the answer brings, {} without any."""
        refusals = self._form.refusals
        selectors = sorted({refusal.selector for refusal in refusals if refusal.selector})
        # The form's own page shows none, so the first one to appear stands on the answer's page.
        anywhere = self._page.locator(", ".join(selectors)).first
        with contextlib.suppress(BrowserTimeout):
            await anywhere.wait_for(state="attached", timeout=ERRORS_TIMEOUT_MS)
        return {
            selector: " ".join(await self._page.locator(selector).all_inner_texts())
            for selector in selectors
        }
