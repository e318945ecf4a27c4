"""Whether a live read model is what a fresh fold of the log makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

SHOWN_MAX = 10  # differing keys told; the count says how many there are


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One row that differs; None where a side has no such row."""

    key: str
    live: Any
    folded: Any


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """How a read model compares with the log, at the position it has reached."""

    view: str
    account: str
    ok: bool
    rows: int
    at: int
    differing: int
    differences: tuple[Difference, ...]


def differences(live: Mapping[str, Any], folded: Mapping[str, Any]) -> list[Difference]:
    """Return the rows that are not the same on both sides, by key."""
    return [
        Difference(key=key, live=live.get(key), folded=folded.get(key))
        for key in sorted(live.keys() | folded.keys())
        if live.get(key) != folded.get(key)
    ]
