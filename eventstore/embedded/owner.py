"""Who runs the embedded server: the current user, or an unprivileged one when we are root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from eventstore.embedded.errors import EmbeddedNotAllowed

UNPRIVILEGED = ("postgres", "nobody")  # PostgreSQL refuses to run as root

# PGDATA, PGPORT, LANG and the like of the caller must not reach the server.
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class Owner:
    """A user that owns the data directory and runs the server; `switch` when that is not us."""

    uid: int
    gid: int
    switch: bool

    def run(
        self, argv: list[str], *, stdout: int | IO[bytes], stderr: int | IO[bytes]
    ) -> subprocess.CompletedProcess[bytes]:
        """Run a program to its end as this user, in a session of its own, and return its result."""
        try:
            return subprocess.run(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=stderr,
                cwd="/",
                env=_ENVIRONMENT,
                start_new_session=True,
                check=False,
                umask=0o077,
                user=self.uid if self.switch else None,
                group=self.gid if self.switch else None,
                extra_groups=[] if self.switch else None,
            )
        except OSError as error:
            raise EmbeddedNotAllowed(f"cannot run {argv[0]} as uid {self.uid}: {error}") from error

    def reaches(self, directory: Path) -> bool:
        """Tell whether this user can enter a directory; tried for real, so that ACLs count."""
        if not self.switch:
            return os.access(directory, os.X_OK)
        argv = ["/bin/sh", "-c", 'cd -- "$1"', "sh", str(directory)]
        return self.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def make_private(self, directory: Path) -> None:
        """Create a directory that only this user (and root) can enter, or insist that it is one."""
        try:
            directory.mkdir(mode=0o700)
        except FileExistsError:
            self._insist_private(directory)
        else:
            if self.switch:
                os.chown(directory, self.uid, self.gid)

    def _insist_private(self, directory: Path) -> None:
        # In a shared /tmp somebody else may have been there first.
        status = directory.lstat()
        if not directory.is_dir() or directory.is_symlink():
            raise EmbeddedNotAllowed(f"{directory} is not a directory", remedy="remove it")
        if status.st_uid != self.uid or status.st_mode & 0o077:
            message = f"{directory} is not private to uid {self.uid}"
            raise EmbeddedNotAllowed(message, remedy="remove it, or see whose it is")


def owner_of(cluster: Path) -> Owner:
    """Choose who runs the server of a data directory that may not exist yet.

    A data directory keeps the owner that it has; as root a new one goes to the first of
    `UNPRIVILEGED` that exists.
    """
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), switch=False)
    if cluster.exists() and (status := cluster.stat()).st_uid != 0:
        return Owner(status.st_uid, status.st_gid, switch=True)
    for name in UNPRIVILEGED:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(user.pw_uid, user.pw_gid, switch=True)
    raise EmbeddedNotAllowed(
        "PostgreSQL does not run as root and there is no user postgres or nobody",
        remedy="run as an ordinary user, or set DATABASE_URL",
    )
