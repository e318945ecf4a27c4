"""Inside a tunnel everything is judged as outside, and two gates of one folder are one gate."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from edge.gate.client import Gate, NotArmed
from edge.gate.tokens import Role
from tests.gate.conftest import Scene, status

AT_ONCE = 20
POST = (
    b"POST /post HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
    b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 13\r\n\r\ncomment=hello"
)


def filled(scene: Scene, raw: bytes) -> bytes:
    return raw.replace(b"{host}", f"127.0.0.1:{scene.site.port}".encode())


@asynccontextmanager
async def tunnel(
    scene: Scene, sni: str = "127.0.0.1"
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Open a tunnel to the site with TLS under any server name; whose certificate is not asked."""
    port = int(scene.gate.proxy(Role.POSTER).rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(filled(scene, b"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n"))
        assert status(await reader.readuntil(b"\r\n\r\n")) == 200
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(["h2", "http/1.1"])
        await writer.start_tls(context, server_hostname=sni)
        # a browser that was offered more would speak more than the gate can read
        assert writer.get_extra_info("ssl_object").selected_alpn_protocol() == "http/1.1"
        yield reader, writer
    finally:
        writer.close()


async def said(scene: Scene, raw: bytes, sni: str = "127.0.0.1") -> int:
    async with asyncio.timeout(20), tunnel(scene, sni) as (reader, writer):
        writer.write(filled(scene, raw))
        return status(await reader.readline())


@pytest.mark.parametrize("sni", ["127.0.0.1", "other.example"])
@pytest.mark.parametrize(
    "raw",
    [
        POST.replace(b"{host}", b"other.example"),
        POST.replace(b"POST /", b"POST https://{host}/"),
        POST.replace(b"POST /", b"POST https://other.example/"),
        POST.replace(b"POST /", b"POST //"),
        b"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"GET https://other.example/ HTTP/1.1\r\nHost: {host}\r\n\r\n",
    ],
    ids=["host", "absolute", "elsewhere", "slashes", "tunnel", "http/2", "reading elsewhere"],
)
async def test_nothing_more_passes_inside_a_tunnel(tls_scene: Scene, raw: bytes, sni: str) -> None:
    await tls_scene.gate.arm(tls_scene.terms())
    assert await said(tls_scene, raw, sni) == 403
    assert not tls_scene.site.writes
    assert await tls_scene.left() == "nothing_left"
    assert await said(tls_scene, POST, sni) == 200


async def test_of_many_tunnels_at_once_one_sends(tls_scene: Scene) -> None:
    await tls_scene.gate.arm(tls_scene.terms())
    answers = await asyncio.gather(*(said(tls_scene, POST) for _ in range(AT_ONCE)))
    assert sorted(answers) == [200] + [403] * (AT_ONCE - 1)
    assert tls_scene.site.writes == {"/post": 1}


async def test_a_second_gate_of_the_same_folder_arms_nothing_again(scene: Scene) -> None:
    """What it settles, the first gate cannot send any more."""
    await scene.gate.arm(scene.terms())
    async with Gate(scene.place, [scene.site.url]) as second:
        with pytest.raises(NotArmed, match="has had its token"):
            await second.arm(scene.terms())
        seen = await second.disarm("permit")
    assert seen is not None
    assert (seen.left, seen.final) == ("nothing_left", True)
    assert await scene.post() == 403
    assert not scene.site.writes
