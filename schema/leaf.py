"""The leaf of an event: a hash over every column of its row, so that any change shows.

The header is lines ``name=value``, each ended by a line feed, the first being `FORMAT`. They come
in the order of `Header`'s fields; a field that is None has no line. Times are whole microseconds
since 1970-01-01 UTC, bytes are lower-case hex, text is as it is (the log refuses control
characters in it). The leaf is ``sha256(0x00 || header)``, as RFC 6962 hashes leaves, and the body
enters as ``sha256(salt || body)``, so that a body can be erased while its leaf stays valid.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

FORMAT = "ghostproof/event/v1"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Header:
    """What the leaf commits to. `text_hash` and `body_hash` are 32 bytes."""

    account: str
    position: int
    event_id: UUID
    type: str
    version: int
    trace: UUID
    cause: int | None
    recorded_at: datetime
    actor: str
    permit: UUID | None
    spends: int | None
    spends_type: str | None
    posted_id: str | None
    text_hash: bytes | None
    target: str | None
    target_author: str | None
    expires_at: datetime | None
    body_hash: bytes

    def encode(self) -> bytes:
        """Return the header's bytes."""
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        lines = [f"{name}={_text(value)}" for name, value in values if value is not None]
        return "\n".join([FORMAT, *lines, ""]).encode()


def leaf_of(header: Header) -> bytes:
    """Hash a header."""
    return sha256(b"\x00" + header.encode()).digest()


def body_hash_of(salt: bytes, body: bytes) -> bytes:
    """Hash a body with its salt, which keeps a short body from being guessed after erasure."""
    return sha256(salt + body).digest()


def _text(value: object) -> str:
    match value:
        case bytes():
            return value.hex()
        case datetime():
            return str((value - EPOCH) // timedelta(microseconds=1))
        case _:
            return str(value)
