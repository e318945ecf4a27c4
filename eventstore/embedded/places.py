"""Where an embedded server keeps its data, socket, log and locks."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

from eventstore.embedded.binaries import FALLBACK
from eventstore.embedded.errors import EmbeddedMoved
from eventstore.embedded.owner import Owner, owner_of

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES_MAX = 100  # the kernel's limit is 108 on Linux, 104 on macOS

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Places:
    """The paths of one embedded server. All lie in `data_dir` unless `home` says otherwise."""

    data_dir: Path
    home: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data directory."""
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.data_dir / "postgres.log"

    @property
    def users_lock(self) -> Path:
        """Shared by everybody who uses the server."""
        return self.data_dir / "postgres.users.lock"

    @property
    def start_lock(self) -> Path:
        """Held alone while the server starts or stops."""
        return self.data_dir / "postgres.start.lock"

    @property
    def keep(self) -> Path:
        """Its presence keeps the server running without users."""
        return self.data_dir / "postgres.keep"

    @property
    def socket_dir(self) -> Path:
        """The private directory of the server's only door; short enough for a socket address."""
        near = self.home / "postgres.socket"
        if len(str(near / SOCKET_NAME).encode()) < SOCKET_PATH_BYTES_MAX:
            return near
        return Path("/tmp") / f"ghostproof-{_digest(self.home)}"  # noqa: S108 - insisted private


def places_for(data_dir: Path) -> Places:
    """Say where the server of `data_dir` lives: there, or where its pointer file says."""
    pointer = _pointer(data_dir)
    if not pointer.exists():
        return Places(data_dir, data_dir)
    home = Path(pointer.read_text().strip())
    if not (home / "postgres").is_dir():
        raise EmbeddedMoved(
            f"{pointer} says that the data is in {home}, but it is not",
            remedy=f"bring {home} back, or remove {pointer} to begin an empty database",
        )
    return Places(data_dir, home)


def places_for_new(data_dir: Path) -> tuple[Places, Owner]:
    """Choose where a new server lives: a root's private directory is left for `FALLBACK`."""
    owner = owner_of(data_dir / "postgres")
    if owner.reaches(data_dir):
        return Places(data_dir, data_dir), owner
    home = FALLBACK / _digest(data_dir)
    message = "uid %s, which runs the server, cannot enter %s: its data go to %s"
    _log.warning(message, owner.uid, data_dir, home)
    home.mkdir(parents=True, exist_ok=True)
    for path in (FALLBACK, home):
        path.chmod(0o755)
    return Places(data_dir, home), owner


def remember(places: Places) -> None:
    """Leave the pointer file that `places_for` follows, once the data is there."""
    if places.home != places.data_dir:
        _pointer(places.data_dir).write_text(f"{places.home}\n")


def _pointer(data_dir: Path) -> Path:
    return data_dir / "postgres.where"


def _digest(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]
