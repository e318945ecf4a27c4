"""Presence: a locked file for each worker of a data directory, which the kernel unlocks at death.

Files of the dead stay a week: whoever asks later must still be told that they died.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

KEPT_S = 7 * 86_400


@contextmanager
def present(folder: Path, worker_id: UUID) -> Iterator[None]:
    """Be seen as alive by the other workers of this data directory."""
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    descriptor = os.open(_file(folder, worker_id), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)


def died(folder: Path, worker_id: UUID) -> bool:
    """Say whether this worker was here and is no more; of workers elsewhere nobody here knows."""
    return _is_free(_file(folder, worker_id))


def _file(folder: Path, worker_id: UUID) -> Path:
    return folder / f"{worker_id}.lock"


def _is_free(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)


def _sweep(folder: Path) -> None:
    oldest = time.time() - KEPT_S
    for path in folder.glob("*.lock"):
        if path.stat().st_mtime < oldest and _is_free(path):
            path.unlink(missing_ok=True)
