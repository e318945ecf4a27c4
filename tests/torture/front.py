"""The front: a door before the forum that can lose its answer to a post that it has written."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from typing import Self

CHUNK = 65_536
POST = re.compile(rb"POST /comment/\d+/publish/")


class Front:
    """Passes connections through to the forum; while `losing`, answers to posts never arrive."""

    def __init__(self, forum_port: int) -> None:
        self._forum_port = forum_port
        self._server: asyncio.Server | None = None
        self._serving = set[asyncio.Task[None]]()
        self.losing = False
        self.lost = 0

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        posts = asyncio.Event()
        with suppress(OSError):
            answers, asks = await asyncio.open_connection("127.0.0.1", self._forum_port)
            asking = asyncio.create_task(_pass(reader, asks, posts))
            try:
                await self._answer(answers, writer, posts)
            finally:
                asking.cancel()
                asks.close()
                writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, posts: asyncio.Event
    ) -> None:
        while data := await reader.read(CHUNK):
            if self.losing and posts.is_set():
                self.lost += 1
                return
            writer.write(data)
            await writer.drain()


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, posts: asyncio.Event
) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            if POST.match(data):
                posts.set()
            writer.write(data)
            await writer.drain()
        writer.write_eof()
