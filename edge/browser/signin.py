"""Sign in through the site's form: one request armed twice over, then cookies to keep."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

from edge.browser.closing import close
from edge.browser.engine import Engine
from edge.browser.interlock import Denials, Interlock
from edge.browser.pages import refuse_challenge, require, site_errors
from edge.gate.bodies import text_hash
from edge.gate.house import boot_s
from edge.gate.tokens import Role, Terms
from edge.sites.profile import Profile
from schema.errors import LoggedOut


@site_errors("signing in")
async def sign_in(
    engine: Engine, profile: Profile, handle: str, password: str, *, timeout_s: float
) -> list[dict[str, Any]]:
    """Log in as `handle` and return the session's cookies; `LoggedOut` when the site refuses."""
    rule = profile.sign_in
    browser = await engine.browser()
    context = await browser.new_context(
        service_workers="block",
        locale=profile.language,
        proxy={"server": engine.gate.proxy(Role.SIGN_IN)},
    )
    try:
        context.set_default_timeout(timeout_s * 1_000)
        interlock = Interlock(profile, Denials())
        await interlock.guard(context)
        page = await context.new_page()
        answer = await page.goto(profile.base_url + rule.url, wait_until="domcontentloaded")
        await refuse_challenge(page, profile, answer.status if answer else 0)
        for name in ("handle", "password", "submit"):
            await require(page, f"sign_in.{name}", getattr(rule, name))
        await page.fill(rule.handle, handle)
        await page.fill(rule.password, password)
        interlock.arm(rule.request, profile.base_url + rule.request.path, handle)
        await engine.gate.arm(_terms(profile, handle, timeout_s))
        async with page.expect_navigation(wait_until="domcontentloaded"):
            await page.click(rule.submit, no_wait_after=True)
        if not await page.locator(rule.signed_in).count():
            raise LoggedOut(
                f"the site did not let {handle} in", remedy="check the password; then log in"
            )
        return [dict(cookie) for cookie in await context.cookies()]
    finally:
        await close(context)


def _terms(profile: Profile, handle: str, timeout_s: float) -> Terms:
    """Let out the one log-in of this handle; it has no permit, for it posts nothing."""
    request = profile.sign_in.request
    return Terms(
        permit_id=f"sign-in-{uuid4()}",
        role=Role.SIGN_IN,
        method=request.method,
        url_pattern=re.escape(profile.base_url + request.path),
        deadline_s=boot_s() + timeout_s,
        field=request.field,
        text_sha256=text_hash(handle),
        encoding=request.encoding,
    )
