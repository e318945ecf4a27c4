"""A real HTTP server on loopback that answers as a test says, and keeps what it was sent."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

HANG = 0


@dataclass
class Hook:
    """What the other side of a webhook does, one answer a request; the last one repeats."""

    answers: Sequence[int] = (200,)
    url: str = ""
    heads: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    open: set[asyncio.Task[None]] = field(default_factory=set)

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open.add(asyncio.create_task(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError):  # the other side gave up before it had asked
            await self._answer(reader, writer)
        writer.close()
        with suppress(OSError):  # whoever gave up may have reset the connection
            await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:-2]
        fields = {name.lower(): value for name, value in (line.split(": ", 1) for line in head)}
        self.heads.append(fields)
        self.bodies.append(await reader.readexactly(int(fields["content-length"])))
        status = self.answers[min(len(self.bodies), len(self.answers)) - 1]
        self.asked.set()
        if status == HANG:
            await reader.read()  # until the other side gives up
        else:
            moved = "location: http://127.0.0.1:1/\r\n" if status == 302 else ""
            writer.write(f"HTTP/1.1 {status} So\r\n{moved}content-length: 0\r\n\r\n".encode())
            await writer.drain()


@asynccontextmanager
async def listening(*answers: int) -> AsyncIterator[Hook]:
    hook = Hook(answers)
    async with await asyncio.start_server(hook.serve, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        hook.url = f"http://{host}:{port}/hook?key=only-we-know"
        try:
            yield hook
        finally:
            await asyncio.gather(*hook.open)
