"""The first sign of what became of a click: an answer, a failure, a denial, a lost page."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page, Request, Response

from edge.browser.interlock import Denied, Interlock, Token

Sign = Denied | Page | Request | Response


class FirstSign:
    """Listens from before the click; an expected denial is no sign."""

    def __init__(self, page: Page, interlock: Interlock, token: Token) -> None:
        self._token = token
        self._sign: asyncio.Future[Sign] = asyncio.get_running_loop().create_future()
        interlock.on_denied = self._denied
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("crash", self._gone)
        page.on("close", self._gone)

    async def seen(self) -> Sign:
        """Wait for it: a `Request` is one that failed, a `Page` is one that is gone."""
        return await self._sign

    def _settle(self, sign: Sign) -> None:
        if not self._sign.done():
            self._sign.set_result(sign)

    def _denied(self, denied: Denied) -> None:
        if not denied.expected:
            self._settle(denied)

    def _failed(self, request: Request) -> None:
        if request == self._token.request:
            self._settle(request)

    def _answered(self, response: Response) -> None:
        if response.request == self._token.request:
            self._settle(response)

    def _gone(self, page: Page) -> None:
        self._settle(page)
