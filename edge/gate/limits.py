"""How much and how long the gate lets anything take, each with its reason."""

from __future__ import annotations

HEAD_BYTES_MAX = 64 * 1024
"""Start line and headers of one message; browsers and sites stay below 32 KiB."""

BODY_BYTES_MAX = 1024 * 1024
"""A writing request's body: a post is a few KiB, and it is held in memory to be hashed."""

CHUNK_BYTES = 64 * 1024
"""Read from a socket at once."""

CONNECTIONS_MAX = 256
"""Open at one time for each listener; Chromium keeps 32 to a proxy."""

IDLE_S = 120.0
"""A kept-alive connection of the browser without a new request."""

REQUEST_S = 30.0
"""From the first byte of a request to its last, and for a TLS handshake."""

CONNECT_S = 10.0
"""To reach the site, TLS included."""

ANSWER_S = 60.0
"""Between two pieces of the site's answer; server-sent events keep silent for longer, and end."""

DRAIN_S = 15.0
"""At the end of the gate, for the one request that left to be answered and put on record."""

TOKEN_S_MAX = 120.0
"""The farthest deadline of a token; a click has ten seconds."""

LOCATION_CHARS_MAX = 2_000
"""Of a redirect's address in the journal."""

URL_CHARS_MAX = 300
"""Of an address in the record of what was denied."""

DENIED_MAX = 1_000
"""Denied requests remembered in memory; the file of them begins anew at its own limit."""

DENIED_BYTES_MAX = 1024 * 1024
"""Of the file of denied requests; a page in a loop must not fill the disk."""

CONTROL_BYTES_MAX = 64 * 1024
"""One line of the control socket."""
