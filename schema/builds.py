"""Builds: when two names of a commit mean the same one."""

from __future__ import annotations

UNKNOWN = "unknown"
"""The build of a worker that was started without GIT_SHA and outside a checkout."""

ABBREVIATED_MIN = 7  # what git abbreviates a commit to; anything shorter may mean several


def same_build(one: str, other: str) -> bool:
    """Say whether two names are of one commit; either may be abbreviated."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    return short == long or (len(short) >= ABBREVIATED_MIN and long.startswith(short))
