"""Patience: how long a client may take and how many may come, so that no one holds the rest up."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

CONNECTION_S = 10.0
"""The life of a connection, whatever happens on it; every answer here is far quicker."""

CONNECTIONS_MAX = 64
"""Probes and scrapes are a handful; the rest of the process's file descriptors are for work."""

HEADER_BYTES_MAX = 16_384


class Patience(H11Protocol):
    """uvicorn's HTTP with a deadline for each connection; when too many are open the oldest ends.

    uvicorn waits for ever for the end of a request that was begun.
    """

    open: ClassVar[dict[Patience, None]] = {}  # in the order of arrival

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, with the deadline set."""
        super().connection_made(transport)
        self._deadline = self.loop.call_later(CONNECTION_S, transport.abort)
        self.open[self] = None
        if len(self.open) > CONNECTIONS_MAX:
            oldest = next(iter(self.open))
            del self.open[oldest]  # at once: many may come before it is told that it is lost
            oldest.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._deadline.cancel()
        self.open.pop(self, None)
        super().connection_lost(exc)


def limits() -> dict[str, Any]:
    """Return the part of uvicorn's configuration that is about clients."""
    return {
        "http": Patience,
        "h11_max_incomplete_event_size": HEADER_BYTES_MAX,
        "timeout_keep_alive": int(CONNECTION_S),
        "ws": "none",
        "server_header": False,
    }
