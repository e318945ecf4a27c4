"""The address of a running worker's health server, kept in the data directory for `where`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

FILE_NAME = "health.json"


class Address(msgspec.Struct, frozen=True):
    """Where it listens, and the process that does."""

    pid: int
    url: str


@contextmanager
def kept_address(data_dir: Path, url: str | None) -> Iterator[None]:
    """Keep the address on disk meanwhile. With several workers the one started last is kept."""
    file = data_dir / FILE_NAME
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


def address_of(data_dir: Path) -> str | None:
    """Return the address of the worker that runs on this machine, None when there is none."""
    try:
        found = msgspec.json.decode((data_dir / FILE_NAME).read_bytes(), type=Address)
        os.kill(found.pid, 0)
    except (OSError, msgspec.DecodeError, OverflowError):
        return None
    return found.url
