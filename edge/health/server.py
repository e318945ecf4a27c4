"""The server: a thread and a loop of its own, so that neither work nor probes wait."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
import uvicorn
from starlette.types import ASGIApp

from edge.health.listening import bound
from edge.health.patience import limits

log = structlog.get_logger("health")

END_S = 3.0
"""How long the end of the process waits for an answer under way."""


class HealthServer:
    """Listens from the moment it is made; answers in its own thread."""

    def __init__(self, listening: socket.socket, app: ASGIApp) -> None:
        self.host, self.port = listening.getsockname()[:2]
        self._listening = listening
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            log_level="error",  # garbage from outside is worth no line
            access_log=False,
            timeout_graceful_shutdown=1,
            **limits(),
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="health", daemon=True)

    @property
    def url(self) -> str:
        """Where this machine reaches it."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/health"

    def start(self) -> None:
        """Answer from now on."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; a client that is still answered has a moment."""
        self._server.should_exit = True
        self._thread.join(END_S)
        self._listening.close()

    def _serve(self) -> None:
        try:
            asyncio.run(self._server.serve(sockets=[self._listening]))
        except Exception as error:
            # work goes on without it, and whoever probes finds it silent
            log.exception("the health server ended", error=type(error).__name__)


@contextmanager
def serving(host: str, port: int, app: ASGIApp) -> Iterator[HealthServer]:
    """Answer at this address as long as the caller likes.

    Raises:
        PortInUse: another program listens there.
        BadSettings: the address cannot be used.
    """
    server = HealthServer(bound(host, port), app)
    server.start()
    try:
        yield server
    finally:
        server.stop()
