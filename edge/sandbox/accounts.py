"""The forum's accounts: handles, and passwords made once per install and kept owner-only."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

PEOPLE = ("marta", "jonas", "heather_b", "tomasz", "yuki", "friedrich", "amina", "olav")
BOT = "ghostproof"


def ensure_accounts(path: Path, *, bot: str = BOT) -> dict[str, str]:
    """Read handle → password from `path`; make the file (mode 0600) and what it lacks first."""
    known = read_accounts(path) if path.exists() else {}
    missing = [handle for handle in (*PEOPLE, bot) if handle not in known]
    if missing:
        known |= {handle: secrets.token_urlsafe(24) for handle in missing}
        write_private(path, json.dumps(known, indent=1))
    return known


def read_accounts(path: Path) -> dict[str, str]:
    """Read handle → password."""
    accounts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return accounts


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    new.replace(path)
