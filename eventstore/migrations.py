"""The numbered SQL files, their checksums, and what a database still lacks of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from eventstore.statements import FOLDER, script
from schema.errors import SchemaBehind

REMEDY = "run `ghostproof db migrate`"


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file. `name` is its file name without ending, `checksum` the file's SHA-256."""

    number: int
    name: str
    checksum: str

    @property
    def path(self) -> str:
        """Where the file is, below `sql/`."""
        return f"migrations/{self.name}.sql"


@cache
def shipped() -> tuple[Migration, ...]:
    """Return the migrations of this build, in order."""
    files = (entry.name for entry in (FOLDER / "migrations").iterdir())
    names = sorted(name.removesuffix(".sql") for name in files if name.endswith(".sql"))
    return tuple(_migration(name) for name in names)


def pending(applied: Mapping[str, str]) -> list[Migration]:
    """Return what is missing, given name -> checksum of what was applied.

    Raises:
        SchemaBehind: an applied file was edited since, or the database knows newer ones.
    """
    known = {migration.name: migration for migration in shipped()}
    for name, checksum in applied.items():
        if name not in known:
            raise SchemaBehind(
                f"the database has migration {name}, which this build does not know",
                remedy="install a newer build of ghostproof",
            )
        if known[name].checksum != checksum:
            raise SchemaBehind(
                f"migration {name} was edited after it was applied",
                remedy=f"restore eventstore/sql/{known[name].path} as it was released",
            )
    return [migration for migration in shipped() if migration.name not in applied]


def _migration(name: str) -> Migration:
    text = script(f"migrations/{name}.sql")
    return Migration(int(name[:4]), name, hashlib.sha256(text.encode()).hexdigest())
