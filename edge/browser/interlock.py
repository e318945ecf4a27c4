"""The write interlock inside the browser: no writing request leaves without an armed token."""

from __future__ import annotations

import contextlib
import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import BrowserContext, Request, Route, WebSocketRoute
from playwright.async_api import Error as BrowserError

from edge.sites.parts import Request as RequestRule
from edge.sites.profile import Profile
from schema.originals import whole

HARDENING = Path(__file__).with_name("hardening.js")
READING = frozenset({"GET", "HEAD"})
REMEMBERED_MAX = 1_000  # of each kind; older ones are long in the log
FIELDS_MAX = 200


@dataclass(frozen=True)
class Denied:
    """A writing request that was not let out; `expected` ones are the site's own chatter."""

    method: str
    url: str
    at: datetime
    expected: bool


class Denials:
    """The writing requests that were not let out: `alarming` ones, and the site's own chatter."""

    def __init__(self) -> None:
        self.alarming: deque[Denied] = deque(maxlen=REMEMBERED_MAX)
        self.chatter: deque[Denied] = deque(maxlen=REMEMBERED_MAX)

    def add(self, denied: Denied) -> None:
        """Remember one."""
        (self.chatter if denied.expected else self.alarming).append(denied)


class Token:
    """The right of one request to leave: this method and address, this text in its body, once."""

    def __init__(self, rule: RequestRule, url: str, value: str) -> None:
        self._rule = rule
        self._url = url
        self._value = value
        self._live = True
        self.request: Request | None = None

    def take(self, request: Request) -> bool:
        """Spend the token on `request` if it is the one meant; False leaves the token as it is."""
        if not self._live or request.method != self._rule.method or request.url != self._url:
            return False
        if body_text(self._rule, request.post_data_buffer or b"") != self._value:
            return False
        self._live = False
        self.request = request
        return True

    def destroy(self) -> None:
        """Let nothing out any more."""
        self._live = False


class Interlock:
    """Guards one browser context. Reading stays within the origins, writing needs a token."""

    def __init__(self, profile: Profile, denials: Denials, *, text_only: bool = False) -> None:
        self._profile = profile
        self._denials = denials
        self._left_out = frozenset[str](profile.reading_leaves_out if text_only else ())
        self._token: Token | None = None
        self.on_denied: Callable[[Denied], None] | None = None

    async def guard(self, context: BrowserContext) -> None:
        """Install the interlock; before this nothing may be opened in `context`."""
        await context.add_init_script(path=HARDENING)
        await context.route("**/*", self._judge)
        await context.route_web_socket("**/*", self._close_socket)

    def arm(self, rule: RequestRule, url: str, value: str) -> Token:
        """Make the one token. An earlier one dies."""
        if self._token is not None:
            self._token.destroy()
        self._token = Token(rule, url, value)
        return self._token

    async def _judge(self, route: Route) -> None:
        allowed = self._may_leave(route.request)
        # A page that closes takes its pending requests along; there is nobody left to answer.
        with contextlib.suppress(BrowserError):
            await (route.continue_() if allowed else route.abort("blockedbyclient"))

    def _may_leave(self, request: Request) -> bool:
        inside = self._profile.allows(request.url)
        if request.method in READING:
            return inside and request.resource_type not in self._left_out
        if inside and self._token is not None and self._token.take(request):
            return True
        self._record(request.method, request.url)
        return False

    async def _close_socket(self, socket: WebSocketRoute) -> None:
        self._record("WEBSOCKET", socket.url)
        await socket.close()

    def _record(self, method: str, url: str) -> None:
        line = f"{method} {urlsplit(url).path}"
        expected = any(re.search(known, line) for known in self._profile.expected_writes)
        denied = Denied(method, url, datetime.now(UTC), expected)
        self._denials.add(denied)
        if self.on_denied is not None:
            self.on_denied(denied)


def body_text(rule: RequestRule, body: bytes) -> str | None:
    """Return all the words in a request body, a title before its text; None if one is unclear.

    None also when a fixed field has another value.
    """
    if any(body_field(rule, body, name) != value for name, value in rule.fixed.items()):
        return None
    text = body_field(rule, body, rule.field)
    title = body_field(rule, body, rule.title_field) if rule.title_field else None
    if rule.title_field:
        return None if title is None or text is None else whole(title, text)
    return text


def body_field(rule: RequestRule, body: bytes, name: str) -> str | None:
    """Return the one value of a field in a request body, with plain line ends."""
    try:
        if rule.encoding == "json":
            value = json.loads(body).get(name)
        else:
            fields = parse_qs(
                body.decode(),
                keep_blank_values=True,
                strict_parsing=True,
                errors="strict",
                max_num_fields=FIELDS_MAX,
            )
            (value,) = fields.get(name, [None])
    except (ValueError, AttributeError):
        return None
    return line_ends(value) if isinstance(value, str) else None


def line_ends(text: str) -> str:
    """Make every line end a line feed: a form sends two characters where the composer has one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
