"""A visitor of the forum over plain HTTP: a second log-in, as a person would use."""

from __future__ import annotations

import contextlib
import html
import json
import re
import sys
import time
import zlib
from http import HTTPStatus
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import httpx2

from edge.sandbox.accounts import write_private
from edge.sandbox.install import SandboxFailed

TIMEOUT_S = 15.0
FLOOD_WORDS = "Too many submissions"
FLOOD_TRIES = 8
FLOOD_PAUSE_S = 2.0  # eight times two seconds outlast a window of ten
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_MESSAGE = re.compile(
    r'<ul class="(?:message_text|errorlist[^"]*)"[^>]*>\s*<li>(.*?)</li>', re.DOTALL
)
_COMMENT = re.compile(r"/comment/([0-9]+)/find/")


class FloodLimited(SandboxFailed):
    """The forum takes one comment in ten seconds from each account. Try again a little later."""


class Visitor:
    """One logged-in account, with its own cookies."""

    def __init__(self, base_url: str, handle: str) -> None:
        self.handle = handle
        self.base_url = base_url
        # The forum counts log-ins by address; like real people, visitors have one each.
        home = httpx2.HTTPTransport(local_address=_home(handle))
        self._client = httpx2.Client(base_url=base_url, timeout=TIMEOUT_S, transport=home)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def log_in(self, password: str) -> None:
        """Log in through the form; a refusal raises with the forum's own words."""
        answer = self._submit("/user/login/", {"username": self.handle, "password": password})
        if answer.status_code != HTTPStatus.FOUND or "sessionid" not in self._client.cookies:
            raise SandboxFailed(f"{self.handle} could not log in: {self._words(answer)}")

    def post(self, topic_id: str, text: str) -> str:
        """Write a comment into the topic and return its id, as `c<number>`."""
        number = topic_id.removeprefix("t")
        answer = self._submit(f"/comment/{number}/publish/", {"comment": text})
        found = _COMMENT.search(answer.headers.get("location", ""))
        if found is None:
            words = self._words(answer)
            kind = FloodLimited if words.startswith(FLOOD_WORDS) else SandboxFailed
            raise kind(f"{self.handle} could not post: {words}")
        return f"c{found[1]}"

    def keep_session(self, path: Path) -> None:
        """Write the cookies as a browser session file that only its owner can read."""
        host = urlsplit(self.base_url).hostname
        cookies = [
            {"name": name, "value": value, "domain": host, "path": "/", "httpOnly": True}
            for name, value in self._client.cookies.items()
        ]
        write_private(path, json.dumps({"cookies": cookies}))

    def _submit(self, address: str, fields: dict[str, str]) -> httpx2.Response:
        form = self._client.get(address)
        token = _TOKEN.search(form.text)
        if form.status_code != HTTPStatus.OK or token is None:
            raise SandboxFailed(f"no form at {address} for {self.handle}: {form.status_code}")
        return self._client.post(address, data={**fields, "csrfmiddlewaretoken": token[1]})

    def _words(self, answer: httpx2.Response) -> str:
        page = self._client.get(answer.headers["location"]) if answer.is_redirect else answer
        found = _MESSAGE.search(page.text)
        return html.unescape(found[1]) if found else f"status {answer.status_code}"


def post_as(base_url: str, accounts: dict[str, str], handle: str, topic_id: str, text: str) -> str:
    """Log in once as `handle` over HTTP, write one comment, return its id.

    The flood limit is waited out: log-ins are rationed harder than comments.
    """
    with Visitor(base_url, handle) as visitor:
        visitor.log_in(accounts[handle])
        for _ in range(FLOOD_TRIES - 1):
            with contextlib.suppress(FloodLimited):
                return visitor.post(topic_id, text)
            time.sleep(FLOOD_PAUSE_S)
        return visitor.post(topic_id, text)


def _home(handle: str) -> str:
    """Return a loopback address of its own for each handle, where the system has all of 127/8."""
    if sys.platform != "linux":
        return "127.0.0.1"
    number = zlib.crc32(handle.encode())
    return f"127.1.{number % 200}.{number // 200 % 200 + 1}"
