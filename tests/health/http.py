"""Asking a health server, over a real socket."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from edge.clock import Clock, SystemClock
from edge.health.app import Pages
from edge.health.looking import Looker
from edge.health.server import serving
from edge.health.vitals import Vitals

AWAY = "postgresql://nobody:hidden-word@127.0.0.1:1/nowhere"
"""Nothing listens on port 1."""

BUILD = ("9.9", "c0ffee")
TIMEOUT_S = 30


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A server on a free port, and what it shows."""

    port: int
    vitals: Vitals
    looker: Looker

    async def get(self, path: str, method: str = "GET") -> Answer:
        """Ask for a page as a probe does."""
        return await asyncio.to_thread(self._ask, method, path)

    async def send(self, *pieces: bytes) -> bytes:
        """Send bytes as they are; return all that comes back until the server hangs up."""
        return await asyncio.to_thread(self._exchange, pieces)

    def _ask(self, method: str, path: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_S)
        try:
            connection.request(method, path)
            answer = connection.getresponse()
            return Answer(answer.status, answer.read().decode())
        finally:
            connection.close()

    def _exchange(self, pieces: tuple[bytes, ...]) -> bytes:
        with socket.create_connection(("127.0.0.1", self.port), timeout=TIMEOUT_S) as client:
            try:
                for piece in pieces:
                    client.sendall(piece)
                return b"".join(iter(lambda: client.recv(65_536), b""))
            except ConnectionError:  # hung up in the middle of ours
                return b""


@asynccontextmanager
async def served(url: str = AWAY, clock: Clock | None = None) -> AsyncIterator[Served]:
    """Serve the pages of a worker whose database is at `url`."""
    clock = clock or SystemClock()
    looker = Looker(lambda: url, clock)
    vitals = Vitals(clock)
    with serving("127.0.0.1", 0, Pages(vitals, looker, BUILD, lag_max=10).app()) as server:
        yield Served(server.port, vitals, looker)
