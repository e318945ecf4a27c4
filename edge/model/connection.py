"""The HTTP connection to an endpoint: capped, without redirects, proxies only off loopback."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import httpx2

from edge.model.capped import cap

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def connection(base_url: str) -> httpx2.AsyncClient:
    """Make the HTTP client for one endpoint."""
    return httpx2.AsyncClient(
        event_hooks={"response": [cap]},
        headers={"accept-encoding": "identity"},
        follow_redirects=False,  # the key goes to the address in the settings, nowhere else
        trust_env=urlsplit(base_url).hostname not in _LOOPBACK,  # no proxy reaches our loopback
    )
