"""Names on a site: who is meant, however a person or a page writes it."""

from __future__ import annotations

from collections.abc import Iterable


def folded(name: str) -> str:
    """Return what two ways of writing one name share; sites tell nobody apart by letter case."""
    return name.casefold()


def is_named(author: str | None, names: Iterable[str]) -> bool:
    """Say whether the author is among these names."""
    return author is not None and folded(author) in map(folded, names)
