"""Where the database is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Place:
    """Addresses."""

    data_dir: Path = Path(".ghostproof")
    url: str | None = None
    approver_url: str | None = None
    reader_url: str | None = None
    admin_url: str | None = None
    single_role: bool = False
