"""Locks that the kernel gives back when their holder dies, however it dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from eventstore.embedded.errors import EmbeddedNotAllowed


def open_lock(path: Path) -> int:
    """Open a lock file and return its descriptor, which no child process inherits."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError as error:
        raise EmbeddedNotAllowed(
            f"{path} belongs to another user", remedy="run as that user, or use another data_dir"
        ) from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock file alone, waiting for it."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def share(path: Path) -> int:
    """Join the users of a lock file, waiting while somebody holds it alone."""
    descriptor = open_lock(path)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def is_last(descriptor: int) -> bool:
    """Turn a share into a hold alone if nobody else shares; otherwise the share is given up.

    The kernel drops the share before it tries, so two that leave at once cannot both see the other.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        return False
    return True
