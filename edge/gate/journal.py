"""The journal: one fsynced file for each permit, and the lock that settles who was first.

Before the first byte of a request leaves, the gate writes `leaving` under the file's lock, and only
if no `destroyed` stands there. Whoever settles an attempt writes `destroyed` under the same lock,
and only if no `leaving` stands there. So one of the two lines excludes the other, whatever process
is dead, paused or late: `destroyed` first is the proof that nothing left and nothing will.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from edge.gate.observation import Left, Observation, folded
from edge.gate.tokens import PERMIT_ID
from schema.errors import BadInput

FILE_BYTES_MAX = 1024 * 1024


class AlreadyArmed(BadInput):
    """The permit has had its token. It buys no second one; a new try is a new permit."""


class Journal:
    """The journal files of one installation, in a folder that only its owner can enter."""

    def __init__(self, folder: Path) -> None:
        """Use the folder; it is made when the first line is written."""
        self.folder = folder

    def begin(self, permit_id: str, note: dict[str, str]) -> None:
        """Put on record that a token is made, the first and only one under this permit."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
        try:
            os.close(os.open(self._path(permit_id), flags, 0o600))
        except FileExistsError:
            raise AlreadyArmed(
                f"permit {permit_id} has had its token", remedy="ask for a new permit"
            ) from None
        self.add(permit_id, "armed", note=note)
        _sync_folder(self.folder)

    def leave(self, permit_id: str) -> bool:
        """Put on record that the request is about to leave; False if it must not any more."""
        with self._locked(permit_id) as descriptor:
            seen = _read(descriptor)
            if seen.final or seen.left is not Left.NOTHING:
                return False
            _write(descriptor, {"what": "leaving"})
            return True

    def add(self, permit_id: str, what: str, **facts: Any) -> None:
        """Add a line: `armed`, `denied`, `held`, `left`, `answered` or `lost`."""
        with self._locked(permit_id) as descriptor:
            _write(descriptor, {"what": what, **facts})

    def destroy(self, permit_id: str, why: str) -> Observation:
        """Make sure that nothing can leave any more, and return what is known."""
        with self._locked(permit_id) as descriptor:
            seen = _read(descriptor)
            if seen.left is Left.NOTHING and not seen.final:
                _write(descriptor, {"what": "destroyed", "detail": why})
                seen = _read(descriptor)
            return seen

    def read(self, permit_id: str) -> Observation | None:
        """Return what is known of a permit's request; None if no token was ever made here."""
        with suppress(FileNotFoundError), self._locked(permit_id) as descriptor:
            return _read(descriptor)
        return None

    @contextmanager
    def _locked(self, permit_id: str) -> Iterator[int]:
        descriptor = os.open(self._path(permit_id), os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _path(self, permit_id: str) -> Path:
        if not re.fullmatch(PERMIT_ID, permit_id):
            raise BadInput(f"not a permit id: {permit_id[:80]!r}", remedy="use the permit's UUID")
        return self.folder / f"{permit_id}.jsonl"


def _read(descriptor: int) -> Observation:
    return folded(os.pread(descriptor, FILE_BYTES_MAX, 0).splitlines())


def _write(descriptor: int, entry: dict[str, Any]) -> None:
    """Add a line of its own: one that a crash tore must not swallow the next."""
    size = os.fstat(descriptor).st_size
    torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"at": at, **entry}, ensure_ascii=True).encode() + b"\n"
    line = b"\n" + line if torn else line
    if os.write(descriptor, line) != len(line):
        raise OSError(errno.ENOSPC, "the journal's line was not written whole")
    os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
