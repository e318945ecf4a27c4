"""Sign in through the site's form: one armed request, then cookies to keep."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Browser

from edge.browser.interlock import Denials, Interlock
from edge.browser.pages import refuse_challenge, require, site_errors
from edge.sites.profile import Profile
from schema.errors import LoggedOut


async def sign_in(
    browser: Browser, profile: Profile, handle: str, password: str, *, timeout_ms: float
) -> list[dict[str, Any]]:
    """Log in as `handle` and return the session's cookies; `LoggedOut` when the site refuses."""
    rule = profile.sign_in
    context = await browser.new_context(service_workers="block", locale=profile.language)
    try:
        context.set_default_timeout(timeout_ms)
        interlock = Interlock(profile, Denials())
        await interlock.guard(context)
        page = await context.new_page()
        async with site_errors("signing in"):
            answer = await page.goto(profile.base_url + rule.url, wait_until="domcontentloaded")
            await refuse_challenge(page, profile, answer.status if answer else 0)
            for name in ("handle", "password", "submit"):
                await require(page, f"sign_in.{name}", getattr(rule, name))
            await page.fill(rule.handle, handle)
            await page.fill(rule.password, password)
            interlock.arm(rule.request, profile.base_url + rule.request.path, handle)
            async with page.expect_navigation(wait_until="domcontentloaded"):
                await page.click(rule.submit, no_wait_after=True)
            if not await page.locator(rule.signed_in).count():
                raise LoggedOut(
                    f"the site did not let {handle} in", remedy="check the password; then log in"
                )
            return [dict(cookie) for cookie in await context.cookies()]
    finally:
        await context.close()
