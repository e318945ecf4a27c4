"""The double as a server on loopback, in the caller's own event loop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import uvicorn

from edge.model.double.app import Surface
from edge.model.double.behaviour import Behaviour, Mode
from schema.errors import PortInUse

_HOST: Final = "127.0.0.1"


class ModelDouble:
    """A test double of a model endpoint; `port` 0 takes a free one."""

    def __init__(self, *, port: int = 0, seed: int = 0) -> None:
        self._surface = Surface(seed)
        self._port = port
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def calls(self) -> Sequence[dict[str, Any]]:
        """The latest requests, oldest first: schema name, model, system, user, limits, mode."""
        return tuple(self._surface.calls)

    @property
    def root_url(self) -> str:
        """The address of `/control` and `/calls`."""
        return f"http://{_HOST}:{self._port}"

    def behave(self, mode: Mode, *, times: int | None = None, delay_s: float = 0.0) -> None:
        """Behave so for the next `times` requests, or until told otherwise."""
        self._surface.script.follow(Behaviour(mode=mode, times=times, delay_s=delay_s))

    async def start(self) -> str:
        """Listen, and give the base url for a client. Raises `PortInUse`."""
        listening = _listening(self._port)
        self._port = listening.getsockname()[1]
        config = uvicorn.Config(
            self._surface.app(),
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        await self._server.listening.wait()
        return f"{self.root_url}/v1"

    async def stop(self) -> None:
        """Stop listening and end what is under way."""
        if self._server is None or self._serving is None:
            return
        self._server.should_exit = True
        with suppress(asyncio.CancelledError):
            await self._serving
        self._server = self._serving = None


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when requests are taken."""
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program that the double runs in."""
        yield


def _listening(port: int) -> socket.socket:
    # With its protocol named, asyncio turns Nagle's delay off: 40 ms on every answer.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HOST, port))
    except OSError as error:
        listening.close()
        message = f"port {port} on {_HOST} is in use"
        raise PortInUse(message, remedy="choose another port, or 0 for a free one") from error
    return listening
