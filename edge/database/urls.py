"""Where a database is, and the address of each role in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


def logins_of(urls: Urls) -> dict[str, tuple[str, str | None]]:
    """Return group -> (login, password) as the addresses name them, without the administrator."""
    from psycopg import conninfo  # noqa: PLC0415 -- only `db migrate` asks

    def login(url: str) -> tuple[str, str | None]:
        parts: dict[str, Any] = conninfo.conninfo_to_dict(url)
        return parts.get("user", ""), parts.get("password")

    named = {"gp_app": urls.app, "gp_approver": urls.approver, "gp_reader": urls.reader}
    admin = login(urls.admin)[0] if urls.admin else None
    found = {group: login(url) for group, url in named.items() if url is not None}
    return {group: one for group, one in found.items() if one[0] not in {"", admin}}
