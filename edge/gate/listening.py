"""The listeners on loopback: one for each role, so that a port says who may ever write."""

from __future__ import annotations

import asyncio

import h11

from edge.gate.house import House
from edge.gate.limits import CONNECTIONS_MAX
from edge.gate.session import Session
from edge.gate.streams import Stream
from edge.gate.tokens import Role

HOST = "127.0.0.1"


class Listener:
    """Accepts the browser's connections for one role."""

    def __init__(self, house: House, role: Role) -> None:
        self._house = house
        self._role = role
        self._open = 0
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen on a free port and return it."""
        self._server = await asyncio.start_server(self._accept, HOST, 0)
        return int(self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        """Accept no more connections."""
        if self._server is not None:
            self._server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._open >= CONNECTIONS_MAX:
            writer.close()
            return
        self._open += 1
        try:
            await Session(self._house, self._role, Stream(h11.SERVER, reader, writer)).run()
        finally:
            self._open -= 1
