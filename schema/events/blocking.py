"""Blocking: authors to whom a person wants no reply made."""

from __future__ import annotations

from schema.events.base import Event


class AuthorBlocked(Event, frozen=True, kw_only=True):
    """No reply to this author from here on; what waits for one is rejected."""

    author: str
    why: str
    by: str


class AuthorUnblocked(Event, frozen=True, kw_only=True):
    """The author may be replied to again. What was rejected meanwhile stays rejected."""

    author: str
    why: str
    by: str
