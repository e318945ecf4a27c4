"""Listening: the socket is bound before anything else starts, and a busy port is named."""

from __future__ import annotations

import errno
import socket

from schema.errors import BadSettings, PortInUse

BACKLOG = 128


def bound(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes any free one.

    Raises:
        PortInUse: another program listens there.
        BadSettings: the host is no address of this machine, or the port is not ours to use.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise _told(error, host, port) from None
    return listening


def _told(error: OSError, host: str, port: int) -> Exception:
    if error.errno == errno.EADDRINUSE:
        return PortInUse(
            f"port {port} on {host} is taken, the health server needs it",
            remedy="set PORT to another (0: any free one), or enabled = false in [health]",
        )
    reason = error.strerror or str(error)
    return BadSettings(
        f"the health server cannot listen on {host}:{port}: {reason}",
        remedy="correct host and port in [health], or PORT",
    )
