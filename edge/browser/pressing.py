"""One press of the button, with both locks opened for one request, and what came of it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass

from playwright.async_api import Error as BrowserError
from playwright.async_api import Page, Request, Response

from edge.browser.interlock import Denied, Interlock, Token
from edge.browser.verdict import FORM, NEWEST_BEFORE
from edge.failpoints import at
from edge.gate.bodies import text_hash
from edge.gate.client import Gate
from edge.gate.house import boot_s
from edge.gate.limits import TOKEN_S_MAX
from edge.gate.observation import Observation
from edge.gate.tokens import Terms
from edge.sites.parts import Request as RequestRule
from schema.errors import SiteError


@dataclass(frozen=True)
class Locks:
    """The two things that a writing request must pass: one in the browser, one outside it."""

    interlock: Interlock
    gate: Gate


@dataclass(frozen=True)
class Press:
    """What one press may send: this text, to this address, until this second of the boot clock.

    `form` is the name of the profile's part that it belongs to.
    """

    permit_id: str
    rule: RequestRule
    url: str
    text: str
    until_s: float
    newest_before: int
    form: str

    def left_s(self) -> float:
        """Return the seconds until then, at least 0."""
        return max(0.0, self.until_s - boot_s())

    def terms(self) -> Terms:
        """Return the gate's token for it; the deadline is the budget's, not one from now."""
        return Terms(
            permit_id=self.permit_id,
            method=self.rule.method,
            url_pattern=re.escape(self.url),
            deadline_s=min(self.until_s, boot_s() + TOKEN_S_MAX),
            field=self.rule.field,
            text_sha256=text_hash(self.text),
            title_field=self.rule.title_field,
            fixed=self.rule.fixed,
            encoding=self.rule.encoding,
            note={NEWEST_BEFORE: str(self.newest_before), FORM: self.form},
        )


@dataclass(frozen=True)
class Sign:
    """The first sign of what became of a press; `denied`: the page tried to send something else."""

    answered: bool = False
    why: str = ""
    denied: bool = False


@dataclass(frozen=True)
class Pressed:
    """The gate's word, and the page's first sign.

    `seen` is None when the gate never made a token, so that nothing was pressed.
    """

    seen: Observation | None
    sign: Sign


async def pressed(page: Page, locks: Locks, button: str, press: Press) -> Pressed:
    """Open both locks, press once, close them. Raises nothing of the browser's or the gate's."""
    token = locks.interlock.arm(press.rule, press.url, press.text)
    sign = Sign()
    try:
        async with asyncio.timeout(press.left_s()):
            at("inner_lock_open")
            await locks.gate.arm(press.terms())
            at("outer_lock_open")
            first = _FirstSign(page, locks.interlock, token)
            await page.click(button, no_wait_after=True, timeout=max(1.0, press.left_s() * 1_000))
            at("pressed")
            sign = await first.seen()
            at("answered")
    except TimeoutError:
        sign = Sign(why="the click's time was over")
    except (BrowserError, SiteError) as error:
        sign = Sign(why=str(error).splitlines()[0])
    finally:
        token.destroy()
    seen = await locks.gate.disarm(press.permit_id)
    at("disarmed")
    if seen is not None and not seen.final:  # it left, and the page may be gone: the gate is not
        seen = await locks.gate.observe(press.permit_id, wait_s=press.left_s())
    return Pressed(seen, sign)


class _FirstSign:
    """Waits for the first sign of what became of the click."""

    def __init__(self, page: Page, interlock: Interlock, token: Token) -> None:
        self._token = token
        self._sign: asyncio.Future[Sign] = asyncio.get_running_loop().create_future()
        interlock.on_denied = self._denied
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("crash", self._gone)
        page.on("close", self._gone)

    async def seen(self) -> Sign:
        """Wait for it."""
        return await self._sign

    def _settle(self, sign: Sign) -> None:
        if not self._sign.done():
            self._sign.set_result(sign)

    def _denied(self, denied: Denied) -> None:
        if not denied.expected:
            self._settle(Sign(why=f"the page sent something else: {denied.url}", denied=True))

    def _failed(self, request: Request) -> None:
        if request == self._token.request:
            self._settle(Sign(why=f"the request failed: {request.failure}"))

    def _answered(self, response: Response) -> None:
        if response.request == self._token.request:
            self._settle(Sign(answered=True))

    def _gone(self, _: Page) -> None:
        self._settle(Sign(why="the page is gone"))
