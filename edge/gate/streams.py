"""Streams: h11's events read from and written to a socket, each wait with its limit."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import h11

from edge.gate.limits import CHUNK_BYTES, HEAD_BYTES_MAX

OWN_ANSWER = b"ghostproof-gate"
"""Marks what the gate itself answers; it is taken off the site's answers."""
HOP_BY_HOP = frozenset(
    (
        *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization"),
        *(b"proxy-connection", b"te", b"trailer", b"transfer-encoding", b"upgrade"),
        # Would send the browser to another protocol or port.
        b"alt-svc",
        OWN_ANSWER,
    )
)
Headers = list[tuple[bytes, bytes]]


class Stream:
    """One side of one connection: a pure HTTP/1.1 machine and the socket under it."""

    def __init__(
        self, role: Any, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.http = h11.Connection(role, max_incomplete_event_size=HEAD_BYTES_MAX)
        self.reader = reader
        self.writer = writer

    async def next(self, within_s: float) -> Any:
        """Return the next event; raises `TimeoutError`, `OSError` or h11's remote error."""
        while True:
            event = self.http.next_event()
            if event is not h11.NEED_DATA:
                return event
            async with asyncio.timeout(within_s):
                self.http.receive_data(await self.reader.read(CHUNK_BYTES))

    async def send(self, event: Any, within_s: float) -> None:
        """Send an event and wait until the socket has room again."""
        data = self.http.send(event)
        if data:
            self.writer.write(data)
            async with asyncio.timeout(within_s):
                await self.writer.drain()

    def close(self) -> None:
        """Close the socket without waiting for the other side."""
        with suppress(OSError, RuntimeError):  # the loop or the transport may be gone already
            self.writer.close()

    def next_exchange(self) -> bool:
        """Make ready for another request and answer; False when the connection ends here."""
        if self.http.our_state is h11.DONE and self.http.their_state is h11.DONE:
            self.http.start_next_cycle()
            return True
        return False


def end_to_end(headers: Any) -> Headers:
    """Return the headers that are meant for the other end, not for this connection."""
    named = {
        name.strip().lower()
        for key, value in headers
        if key == b"connection"
        for name in value.split(b",")
    }
    return [
        (raw, value)
        for (raw, value), (key, _) in zip(headers.raw_items(), headers, strict=True)
        if key not in HOP_BY_HOP and key not in named
    ]


def value_of(headers: Any, name: bytes) -> str:
    """Return a header's value, "" without it; several are joined, as HTTP has it."""
    return b", ".join(value for key, value in headers if key == name).decode("latin-1")
