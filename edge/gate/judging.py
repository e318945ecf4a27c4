"""What a request may do before any token is looked at: its address, and why it may not pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import h11

from edge.gate.origins import Origin, Origins
from edge.gate.streams import value_of

READING = frozenset({"GET", "HEAD", "OPTIONS"})
ELSEWHERE = "not an origin of this site"
OTHER_METHOD = frozenset(
    {b"x-http-method-override", b"x-http-method", b"x-method-override", b"x-requested-method"}
)
"""Headers by which some sites take a GET for a write."""
OTHER_ADDRESS = frozenset(
    (
        *(b"x-original-url", b"x-rewrite-url", b"x-override-url", b"x-original-uri"),
        *(b"x-forwarded-uri", b"x-forwarded-prefix", b"x-forwarded-host", b"x-host"),
        b"forwarded",
    )
)
"""Headers that some servers believe instead of the request's own line and Host."""
OF_THE_BODY = frozenset(
    {b"content-type", b"content-length", b"content-encoding", b"transfer-encoding"}
)
"""Headers that say how a body is read; servers of the CGI family take `_` in a name for `-`."""


@dataclass(frozen=True)
class Address:
    """Where a request goes: an origin and the rest, as it is sent there."""

    origin: Origin
    target: str

    @property
    def url(self) -> str:
        """The whole address."""
        return f"{self.origin}{self.target}"


def addressed(request: h11.Request, tunnel: Origin | None) -> Address | None:
    """Return where a request goes, None if it does not say so in the one permitted form.

    Inside a tunnel that is a path; outside, the whole address of a site without TLS.
    """
    target = request.target.decode("latin-1")
    if tunnel is not None:
        return Address(tunnel, target) if target.startswith("/") else None
    try:
        origin = Origin.of(target)
    except ValueError:
        return None
    rest = target.split("://", 1)[1].partition("/")
    return Address(origin, f"/{rest[2]}") if origin.scheme == "http" else None


def refusal(request: h11.Request, address: Address | None, allowed: Origins) -> str:
    """Say why a request may not pass whatever it carries, "" if it may be looked at further."""
    if address is None:
        return "an address that is not understood"
    if address.origin not in allowed:
        return ELSEWHERE
    if value_of(request.headers, b"host").lower() != address.origin.authority:
        return "the Host header names another origin"
    return _refusal_by_headers(request.headers)


def _refusal_by_headers(headers: Any) -> str:
    meant = {name: name.replace(b"_", b"-") for name, _ in headers}
    coded = value_of(headers, b"content-encoding").lower() not in ("", "identity")
    faults = {
        "a change of protocol": b"upgrade" in meant,
        "a header that names another method": not OTHER_METHOD.isdisjoint(meant.values()),
        "a header that names another address": not OTHER_ADDRESS.isdisjoint(meant.values()),
        "a header in another spelling": any(k != v and v in OF_THE_BODY for k, v in meant.items()),
        "a body that is coded": coded,
    }
    return next((fault for fault, found in faults.items() if found), "")
