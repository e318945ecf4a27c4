"""Names on a site: who is meant, however a person or a page writes it."""

from __future__ import annotations

from collections.abc import Iterable


def is_named(author: str | None, names: Iterable[str]) -> bool:
    """Say whether the author is among these names; sites tell nobody apart by letter case."""
    return author is not None and author.casefold() in {name.casefold() for name in names}
