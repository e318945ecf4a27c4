"""The record of what was denied: the newest in memory, all in a file of bounded size."""

from __future__ import annotations

import json
import os
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from edge.gate.limits import DENIED_BYTES_MAX, DENIED_MAX, URL_CHARS_MAX
from edge.gate.tokens import Role


class Denial(msgspec.Struct, frozen=True):
    """One request that did not pass. Its query is left out: it may carry anything."""

    at: str
    role: Role
    method: str
    url: str
    why: str


class Denials:
    """Remembers denials, oldest out first."""

    def __init__(self, file: Path) -> None:
        """Write to this file; when it is full it becomes `<name>.1` and a new one begins."""
        self._file = file
        self.newest: deque[Denial] = deque(maxlen=DENIED_MAX)
        self.count = 0

    def add(self, role: Role, method: str, url: str, why: str) -> None:
        """Put one on record. Not fsynced: a page in a loop must not keep the disk busy."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        denial = Denial(at, role, method[:20], url.partition("?")[0][:URL_CHARS_MAX], why)
        self.newest.append(denial)
        self.count += 1
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._file.exists() and self._file.stat().st_size > DENIED_BYTES_MAX:
            self._file.replace(self._file.with_name(self._file.name + ".1"))
        descriptor = os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(json.dumps(msgspec.to_builtins(denial)).encode() + b"\n")
