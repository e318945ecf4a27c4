"""A site that answers as none should, on loopback: the paths of a forum, the answers of a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

FRONT = """<!doctype html><title>front</title>
<div class="js-user-content"><a class="menu_list__link" href="/user/1/me/">profile</a></div>
<a class="header__tabs__item" data-related=".js-user-content">me</a>
<div class="layout__article"><div class="comments_list"></div>%s</div>"""
"""A page of the forum as somebody signed in sees it, with room for more."""

ROW = """<div class="layout__topics__topic"><a class="topic__link" href="%s">t</a>
<span class="topic__comments">3</span></div>"""


@dataclass
class Answer:
    """One answer; `rude` bytes are sent as they are and the connection is closed."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "text/html"})
    rude: bytes | None = None
    silent: bool = False

    def bytes(self) -> bytes:
        """Return the answer as it goes over the wire."""
        if self.rude is not None:
            return self.rude
        lines = [f"HTTP/1.1 {self.status} -", f"content-length: {len(self.body)}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return ("\r\n".join([*lines, "connection: close"]) + "\r\n\r\n").encode() + self.body


def page(more: str = "", **fields: object) -> Answer:
    """Return a page of the forum with this content."""
    return Answer((FRONT % more).encode(), **fields)  # type: ignore[arg-type]


@dataclass
class HostileSite:
    """What it answers by path, and otherwise. `asked` are the paths."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    port: int = 0
    otherwise: Answer = field(default_factory=page)

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            path = head.split(" ")[1].partition("?")[0]
            self.asked.append(path)
            answer = self.answers.get(path, self.otherwise)
            if answer.silent:
                await reader.read()  # until the other side has enough
                return
            writer.write(answer.bytes())
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def hostile_site() -> AsyncIterator[HostileSite]:
    """Run the site."""
    site = HostileSite()
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
