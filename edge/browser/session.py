"""The browser session of one account: cookies in a file that only its owner can read."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from schema.errors import BadSettings

SIZE_MAX = 1_000_000
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read_session(path: Path) -> list[dict[str, Any]] | None:
    """Return the cookies, None where there is no file yet; refuse one that others can reach."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BadSettings(f"session file {path}: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as file:
        mode = os.fstat(descriptor).st_mode
        if mode & OTHERS:
            raise BadSettings(
                f"session file {path} is open to others (mode {stat.S_IMODE(mode):04o})",
                remedy=f"chmod 600 {path}; who could read it could post as you, so log in anew",
            )
        return _cookies(path, file.read(SIZE_MAX))


def stamp_of(path: Path) -> tuple[int, int] | None:
    """Return what tells one written session from the next, None where there is no file."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def write_session(path: Path, cookies: list[dict[str, Any]]) -> None:
    """Write the cookies with mode 0600, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"cookies": cookies}, file)
    new.replace(path)


def _cookies(path: Path, content: bytes) -> list[dict[str, Any]]:
    try:
        cookies = [dict(cookie) for cookie in json.loads(content)["cookies"]]
    except (ValueError, KeyError, TypeError):
        raise BadSettings(
            f"session file {path} is not a session", remedy="remove it and log in again"
        ) from None
    return cookies
