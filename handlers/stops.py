"""Stops: what holds the kill switch on, as every rule that heeds it remembers."""

from __future__ import annotations

from schema.events.operations import PostingAllowed, PostingStopped


def after(stops: tuple[str, ...], event: PostingStopped | PostingAllowed) -> tuple[str, ...]:
    """Return the holds that stand after this event, in order; posting is stopped while one does."""
    others = {one for one in stops if one != event.hold}
    if isinstance(event, PostingStopped):
        others.add(event.hold)
    return tuple(sorted(others))
