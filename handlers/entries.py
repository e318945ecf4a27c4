"""Entries: what a fold keeps by the text of an id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def without(entries: Mapping[str, T], key: object) -> dict[str, T]:
    """Return the entries but the one of this id, if there is any."""
    gone = str(key)
    return {name: entry for name, entry in entries.items() if name != gone}
