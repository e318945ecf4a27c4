"""Origins: where the browser may go at all, and what address a request really names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from schema.errors import BadSettings

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origin:
    """One scheme, host and port."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the origin of an address; raises `ValueError` if it names none."""
        parts = urlsplit(url)
        if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
            raise ValueError(url)
        return cls(parts.scheme, parts.hostname, parts.port or PORTS[parts.scheme])

    @property
    def authority(self) -> str:
        """Host and port as a Host header names them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


class Origins:
    """The origins of one site's profile; every other one is out of reach."""

    def __init__(self, urls: Iterable[str]) -> None:
        try:
            self._allowed = frozenset(Origin.of(url) for url in urls)
        except ValueError as error:
            raise BadSettings(f"not an origin: {error}", remedy="use http(s)://host") from None

    def __contains__(self, origin: Origin) -> bool:
        return origin in self._allowed

    def tunnelled(self, target: str) -> Origin | None:
        """Return the origin that `CONNECT target` asks for, None if it is not allowed."""
        host, _, port = target.rpartition(":")
        if not port.isascii() or not port.isdecimal():
            return None
        named = host.strip("[]").lower(), int(port)
        return next((o for o in self._allowed if (o.host, o.port) == named), None)
