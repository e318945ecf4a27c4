"""The gate's own connection to the site: certificates verified, HTTP/1.1, one request at a time."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import h11

from edge.gate.judging import Address
from edge.gate.limits import ANSWER_S, CONNECT_S
from edge.gate.origins import Origin
from edge.gate.streams import Headers, Stream
from schema.errors import BadSettings, SiteUnreachable

FRAMING = frozenset({b"host", b"content-length", b"expect"})


def trust(extra_authority: Path | None) -> ssl.SSLContext:
    """Return how the site's certificate is verified: the system's store, and one file besides."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if extra_authority is not None:
        try:
            context.load_verify_locations(cafile=extra_authority)
        except (OSError, ssl.SSLError) as error:
            message = f"no certificates in {extra_authority}: {error}"
            raise BadSettings(message, remedy="give a file of PEM certificates") from None
    return context


class Upstream:
    """One connection to one origin."""

    def __init__(self, origin: Origin, stream: Stream) -> None:
        self.origin = origin
        self._stream = stream

    def request(self, method: str, address: Address, headers: Headers, body: bytes) -> bytes:
        """Return the bytes of a request, framed anew, so that both ends read the same one."""
        framed = [(b"Host", address.origin.authority.encode())]
        framed += [(name, value) for name, value in headers if name.lower() not in FRAMING]
        if body or method not in ("GET", "HEAD", "OPTIONS"):
            framed.append((b"Content-Length", str(len(body)).encode()))
        http = self._stream.http
        head = http.send(h11.Request(method=method, target=address.target, headers=framed)) or b""
        data = http.send(h11.Data(data=body)) or b"" if body else b""
        return head + data + (http.send(h11.EndOfMessage()) or b"")

    async def send(self, data: bytes) -> None:
        """Write a request's bytes; after this an error tells nothing about what arrived."""
        self._stream.writer.write(data)
        async with asyncio.timeout(CONNECT_S):
            await self._stream.writer.drain()

    async def answer(self) -> h11.Response:
        """Return the head of the answer."""
        while True:
            event = await self._stream.next(ANSWER_S)
            if isinstance(event, h11.Response):
                return event
            if not isinstance(event, h11.InformationalResponse):
                raise ConnectionResetError("the site closed the connection without an answer")

    async def body(self) -> AsyncIterator[bytes]:
        """Yield the answer's body as it comes."""
        while isinstance(event := await self._stream.next(ANSWER_S), h11.Data):
            yield bytes(event.data)
        if not isinstance(event, h11.EndOfMessage):
            raise ConnectionResetError("the site cut its answer off")

    def reusable(self) -> bool:
        """Make ready for another request; False when the connection ends here."""
        return self._stream.next_exchange()

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()


async def connect(origin: Origin, verified: ssl.SSLContext) -> Upstream:
    """Open a connection; raises `SiteUnreachable` for whatever hinders it."""
    tls = verified if origin.scheme == "https" else None
    try:
        async with asyncio.timeout(CONNECT_S):
            reader, writer = await asyncio.open_connection(origin.host, origin.port, ssl=tls)
    except TimeoutError:
        raise SiteUnreachable(f"{origin} did not answer within {CONNECT_S:g} s") from None
    except OSError as error:
        raise SiteUnreachable(f"{origin}: {error}") from None
    return Upstream(origin, Stream(h11.CLIENT, reader, writer))
