"""A gate before a counting site, over plain HTTP and over TLS, and a client that says anything."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from edge.gate.authority import PEM, Authority
from edge.gate.bodies import text_hash
from edge.gate.client import Gate
from edge.gate.house import boot_s
from edge.gate.process import Place
from edge.gate.tokens import Role, Terms
from tests.gate.counting_site import CountingSite, counting_site


@dataclass(frozen=True)
class Scene:
    """A gate, the one site behind it, and where the gate keeps its journal."""

    gate: Gate
    site: CountingSite
    place: Place

    def terms(
        self, permit_id: str = "permit", *, text: str = "hello", within_s: float = 10
    ) -> Terms:
        return Terms(
            permit_id=permit_id,
            method="POST",
            url_pattern=f"{self.site.scheme}://127[.]0[.]0[.]1:{self.site.port}/post",
            deadline_s=boot_s() + within_s,
            field="comment",
            text_sha256=text_hash(text),
        )

    async def say(self, raw: bytes, role: Role = Role.POSTER, *, half: bool = False) -> bytes:
        """Say these bytes to a listener and return all that it answers until it closes."""
        port = int(self.gate.proxy(role).rpartition(":")[2])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(raw)
            if half:
                writer.write_eof()
            async with asyncio.timeout(20):
                return await reader.read()
        finally:
            writer.close()

    async def post(
        self, path: str = "/post", body: bytes = b"comment=hello", role: Role = Role.POSTER
    ) -> int:
        """Send a form by POST and return the status."""
        return status(await self.say(request("POST", self.site.url + path, body), role))

    async def left(self, permit_id: str = "permit") -> str:
        """Return how far the permit's request came."""
        seen = await self.gate.observe(permit_id)
        assert seen is not None
        return str(seen.left)

    async def denied(self, permit_id: str = "permit") -> str:
        """Return why another request was denied while the permit's was awaited."""
        seen = await self.gate.observe(permit_id)
        assert seen is not None
        return seen.denied


def request(method: str, url: str, body: bytes = b"", *headers: bytes) -> bytes:
    """Write down a proxy request that ends its connection."""
    host = url.split("/")[2]
    lines = [f"{method} {url} HTTP/1.1".encode(), f"Host: {host}".encode(), b"Connection: close"]
    if body:
        lines.append(b"Content-Type: application/x-www-form-urlencoded")
        lines.append(f"Content-Length: {len(body)}".encode())
    return b"\r\n".join((*lines, *headers)) + b"\r\n\r\n" + body


def status(answer: bytes) -> int:
    """Return the status of an answer."""
    return int(answer.split(b" ", 2)[1])


@asynccontextmanager
async def scene_at(
    folder: Path, tls: ssl.SSLContext | None, extra: Path | None
) -> AsyncIterator[Scene]:
    """Set a scene whose files are in `folder`."""
    place = Place(folder / "gate", folder / "stop-posting", extra)
    async with counting_site(tls) as site, Gate(place, [site.url]) as gate:
        yield Scene(gate, site, place)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    async with scene_at(tmp_path, None, None) as scene:
        yield scene


@pytest.fixture
def site_tls(tmp_path: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a certificate for the site by an authority that no system knows, and that one's file."""
    authority = Authority(tmp_path / "site-authority")
    file = tmp_path / "site-authority.pem"
    file.write_bytes(authority._certificate.public_bytes(PEM))
    return authority.context("127.0.0.1"), file


@pytest.fixture
async def tls_scene(tmp_path: Path, site_tls: tuple[ssl.SSLContext, Path]) -> AsyncIterator[Scene]:
    async with scene_at(tmp_path, *site_tls) as scene:
        yield scene
