"""Text as a page shows it: one normal form, so that what was sent and what is seen compare."""

from __future__ import annotations

import unicodedata


def normalised(text: str) -> str:
    """Compose to NFC and make every run of whitespace one space, with none at the ends."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def storable(text: str) -> str:
    """Replace what UTF-8 or PostgreSQL cannot hold: lone surrogates and NUL become U+FFFD."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", "\ufffd")
