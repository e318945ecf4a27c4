"""A site that counts: every request that could write, and every datagram, by its address."""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

READING = {"GET", "HEAD", "OPTIONS"}
PAGE = b"<!doctype html><title>page</title><body>a page"


@dataclass
class CountingSite:
    """What reached the site. `answers` gives a path's status, headers and body."""

    port: int = 0
    scheme: str = "http"
    reads: Counter[str] = field(default_factory=Counter)
    writes: Counter[str] = field(default_factory=Counter)
    bodies: list[bytes] = field(default_factory=list)
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    silent: bool = False
    arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def until(self, enough: Callable[[], bool], within_s: float = 20) -> None:
        """Wait until what arrived is enough; raises `TimeoutError`."""
        async with asyncio.timeout(within_s), self.arrived:
            await self.arrived.wait_for(enough)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, target, _ = head.split("\r\n")[0].split(" ")
        headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:-2])
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        path = target.partition("?")[0]
        wrote = method not in READING or "upgrade" in headers or "x-http-method-override" in headers
        async with self.arrived:
            (self.writes if wrote else self.reads)[path] += 1
            if wrote:
                self.bodies.append(body)
            self.arrived.notify_all()
        if wrote and self.silent:
            await reader.read()  # until the other side has enough
            return False
        status, extra, content = self.answers.get(path, (200, {"content-type": "text/html"}, PAGE))
        lines = [f"HTTP/1.1 {status} -", f"content-length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in extra.items()]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        if method != "HEAD":
            writer.write(content)
        await writer.drain()
        return True

    def datagram_received(self, data: bytes, _: object) -> None:
        self.writes["datagram"] += 1
        self.bodies.append(data)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, site: CountingSite) -> None:
        self._site = site

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._site.datagram_received(data, addr)


@asynccontextmanager
async def counting_site(tls: ssl.SSLContext | None = None) -> AsyncIterator[CountingSite]:
    """Serve on a free port, TCP and UDP alike."""
    site = CountingSite(scheme="https" if tls else "http")
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0, ssl=tls)
    site.port = server.sockets[0].getsockname()[1]
    loop = asyncio.get_running_loop()
    datagrams, _ = await loop.create_datagram_endpoint(
        lambda: _Datagrams(site), local_addr=("127.0.0.1", site.port)
    )
    try:
        yield site
    finally:
        datagrams.close()
        server.close()
