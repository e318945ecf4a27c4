"""Where a database is, and the address of each role in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DATA_DIR = Path(".ghostproof")


@dataclass(frozen=True)
class Place:
    """Where the database is. Without `url`: embedded in the data directory."""

    data_dir: Path = DATA_DIR
    url: str | None = None
    approver_url: str | None = None
    reader_url: str | None = None
    admin_url: str | None = None
    single_role: bool = False


@dataclass(frozen=True)
class Urls:
    """One address per role; all the same where there is a single role."""

    app: str
    approver: str | None
    reader: str
    admin: str | None
