"""What the gate saw of one permitted request, folded from the lines of its journal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

import msgspec

TORN = {"what": "leaving", "detail": "a line of the journal is torn"}
"""An unreadable line may have been the one before the request left, so it counts as that one."""


class Left(StrEnum):
    """How far the request came."""

    NOTHING = "nothing_left"
    NO_ANSWER = "left_no_answer"
    ANSWERED = "answered"


class Observation(msgspec.Struct, frozen=True):
    """What is known of the one request. `final`: nothing that comes later can change it.

    `late_ms` is how long after the token's deadline the request had left, 0 if in time.
    `denied` says why another request was, while this one was awaited.
    `left` is `NOTHING` and `final` together are the proof that nothing was or will be sent.
    """

    left: Left
    final: bool
    detail: str
    status: int = 0
    location: str = ""
    late_ms: int = 0
    headers: dict[str, str] = {}
    note: dict[str, str] = {}
    denied: str = ""


def folded(lines: Iterable[bytes]) -> Observation:
    """Fold a journal into what it proves."""
    seen = Observation(Left.NOTHING, final=False, detail="the token is armed")
    for line in lines:
        seen = _after(seen, _decoded(line))
    return seen


def _after(seen: Observation, entry: dict[str, Any]) -> Observation:
    """Return what is known after one more line; what was final stays."""
    if entry.get("what") == "armed":
        return msgspec.structs.replace(seen, note=dict(entry.get("note", {})))
    if entry.get("what") == "denied":
        return msgspec.structs.replace(seen, denied=str(entry.get("detail", "")))
    return seen if seen.final else _further(seen, entry)


def _further(seen: Observation, entry: dict[str, Any]) -> Observation:
    detail = str(entry.get("detail", ""))
    change = msgspec.structs.replace
    match entry.get("what"):
        case "destroyed" if seen.left is Left.NOTHING:
            return change(seen, final=True, detail=detail)
        case "held":
            return change(seen, left=Left.NOTHING, final=True, detail=detail)
        case "leaving" | "left":
            late_ms = max(seen.late_ms, int(entry.get("late_ms", 0)))
            return change(
                seen, left=Left.NO_ANSWER, detail=detail or "no answer yet", late_ms=late_ms
            )
        case "answered":
            return _answered(seen, entry)
        case "lost":
            return change(seen, left=Left.NO_ANSWER, final=True, detail=detail)
        case _:
            return seen


def _answered(seen: Observation, entry: dict[str, Any]) -> Observation:
    return msgspec.structs.replace(
        seen,
        left=Left.ANSWERED,
        final=True,
        detail="the site answered",
        status=int(entry["status"]),
        location=str(entry["location"]),
        headers=dict(entry["headers"]),
    )


def _decoded(line: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return TORN
    return entry if isinstance(entry, dict) else TORN
