"""Temporary files: one folder for a worker's, and its gate's and browser's, swept after its death.

None of them can clean up when it is killed. The folder carries the name of the data directory and
a lock that the kernel gives back, so the next worker of that directory removes it, and no other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from schema.errors import BadSettings

VARIABLE = "TMPDIR"
NAME_CHARS = 8  # short: the browser's socket lies below it, and a socket's path has 108 bytes


@contextmanager
def own_temporary_folder(data_dir: Path) -> Iterator[Path]:
    """Let this process and its children keep temporary files in one folder, removed afterwards.

    Raises:
        BadSettings: no folder for temporary files can be written to.
    """
    with _made(data_dir) as folder:
        before, tempfile.tempdir = tempfile.tempdir, str(folder)
        variable, os.environ[VARIABLE] = os.environ.get(VARIABLE), str(folder)
        try:
            yield folder
        finally:
            tempfile.tempdir = before
            del os.environ[VARIABLE]
            if variable is not None:
                os.environ[VARIABLE] = variable


@contextmanager
def _made(data_dir: Path) -> Iterator[Path]:
    data_dir.mkdir(parents=True, exist_ok=True)
    # held until the new folder is locked, so that nobody takes it for a dead worker's
    with _locked(data_dir / "temporary.lock"):
        try:
            _sweep(data_dir)
            folder = Path(tempfile.mkdtemp(prefix=_prefix(data_dir)))  # made with mode 0700
        except OSError as error:
            remedy = f"set {VARIABLE} to a folder that this user can write"
            raise BadSettings(f"no temporary folder: {error}", remedy=remedy) from None
        descriptor = os.open(folder, os.O_RDONLY)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(descriptor)


def left_behind(data_dir: Path) -> list[Path]:
    """Return the folders of workers of this data directory that ended without removing them."""
    ours = Path(tempfile.gettempdir()).glob(f"{_prefix(data_dir)}*")
    return [folder for folder in ours if _is_free(folder)]


def _sweep(data_dir: Path) -> None:
    for folder in left_behind(data_dir):
        shutil.rmtree(folder, ignore_errors=True)  # what a dying child still writes: next time


def _prefix(data_dir: Path) -> str:
    return f"gp-{hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:NAME_CHARS]}-"


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _is_free(folder: Path) -> bool:
    with suppress(OSError):  # gone meanwhile, another user's, or locked by a worker that lives
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(descriptor)
        return True
    return False
