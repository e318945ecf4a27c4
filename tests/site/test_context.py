"""A browser that fails as a context is made or filled: none stays open, and the cause is told."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.async_api import Error as BrowserError

from edge.browser.account import Account
from edge.browser.engine import Engine
from edge.browser.session import write_session
from edge.browser.signin import sign_in
from edge.gate.process import Place
from edge.sites.profile import load_profile
from schema.errors import SiteUnreachable

COOKIES = [{"name": "sessionid", "value": "s", "domain": "127.0.0.1", "path": "/"}]


class Context:
    """A context that takes no cookies."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.closed = False

    def set_default_timeout(self, timeout: float) -> None:
        """Wait as long as it takes."""

    async def add_init_script(self, **_: Any) -> None:
        """Run nothing."""

    async def route(self, *_: Any) -> None:
        """Route nothing."""

    async def route_web_socket(self, *_: Any) -> None:
        """Route nothing."""

    async def add_cookies(self, cookies: list[Any]) -> None:
        assert cookies == COOKIES
        raise self.error

    async def close(self) -> None:
        self.closed = True


class OneContext:
    """An engine, its gate and its browser, which has this one context to give."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.gate = self

    async def browser(self) -> OneContext:
        return self

    async def new_context(self, **_: Any) -> Context:
        return self.context

    def is_connected(self) -> bool:
        return True  # as one says for a while

    def proxy(self, role: object) -> str:
        return f"http://{role}@127.0.0.1:1"


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        (BrowserError("Cookie should have a url"), SiteUnreachable),
        (asyncio.CancelledError(), asyncio.CancelledError),
    ],
)
async def test_a_context_without_its_session_is_closed(
    tmp_path: Path, error: BaseException, seen: type[BaseException]
) -> None:
    session = tmp_path / "me.json"
    write_session(session, COOKIES)
    account = Account(load_profile("spirit"), "me", None, session, Place(tmp_path))
    context = Context(error)
    account.engine = cast("Engine", OneContext(context))
    with pytest.raises(seen):
        await account.new_context(text_only=True)
    assert context.closed


class Lost(Context):
    """A context of a browser that has crashed."""

    async def route(self, *_: Any) -> None:
        raise BrowserError("Target page, context or browser has been closed")

    async def clear_cookies(self) -> None:
        raise BrowserError("Target page, context or browser has been closed")


async def test_a_browser_that_crashes_at_the_sign_in_is_a_site_out_of_reach() -> None:
    context = Lost(BrowserError("unused"))
    engine = cast("Engine", OneContext(context))
    with pytest.raises(SiteUnreachable, match="signing in"):
        await sign_in(engine, load_profile("spirit"), "me", "password", timeout_s=1)
    assert context.closed


async def test_a_browser_that_crashes_as_a_session_is_renewed_is_one_too(tmp_path: Path) -> None:
    account = Account(load_profile("spirit"), "me", None, tmp_path / "me.json", Place(tmp_path))
    context = Lost(BrowserError("unused"))
    account._reading = cast("Any", (OneContext(context), context))
    with pytest.raises(SiteUnreachable, match="taking up the session"):
        await account._read_with(COOKIES)
