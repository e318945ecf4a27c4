"""Addresses of what runs here, health server and forum, kept in the data directory for `where`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

HEALTH, FORUM = "health.json", "forum.json"


class Address(msgspec.Struct, frozen=True):
    """Where something answers, and the process that keeps it."""

    pid: int
    url: str


@contextmanager
def kept_address(data_dir: Path, url: str | None, name: str = HEALTH) -> Iterator[None]:
    """Keep the address on disk meanwhile. Of several the one started last is kept."""
    file = data_dir / name
    mine = msgspec.json.encode(Address(os.getpid(), url or ""))
    if url is None:
        yield
        return
    data_dir.mkdir(parents=True, exist_ok=True)
    file.write_bytes(mine)
    try:
        yield
    finally:
        if file.is_file() and file.read_bytes() == mine:
            file.unlink()


def address_of(data_dir: Path, name: str = HEALTH) -> str | None:
    """Return the address of what runs on this machine, None when nothing does."""
    try:
        found = msgspec.json.decode((data_dir / name).read_bytes(), type=Address)
        os.kill(found.pid, 0)
    except (OSError, msgspec.DecodeError, OverflowError):
        return None
    return found.url
