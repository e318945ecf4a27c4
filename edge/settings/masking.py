"""Addresses without their passwords, for whatever is shown."""

from __future__ import annotations

import re

CREDENTIALS = re.compile(r"(?<=://)([^/@\s:]*):[^/@\s]*@")
IN_WORDS = re.compile(r"(?i)(password=)(?:'[^']*'|\S+)")  # the other form of a libpq address


def without_password(url: str) -> str:
    """Return the address with the password replaced by stars."""
    return IN_WORDS.sub(r"\1***", CREDENTIALS.sub(r"\1:***@", url))
