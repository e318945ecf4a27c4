"""Stops: what holds the kill switch on at a moment, and what was said of it."""

from __future__ import annotations

from schema.events.operations import PostingAllowed, PostingStopped


class Stops:
    """The stops that stand, the oldest first; several workers may see one flag or file."""

    def __init__(self) -> None:
        self._standing: dict[str, PostingStopped] = {}

    def see(self, event: PostingStopped | PostingAllowed) -> None:
        """Follow the switch."""
        self._standing.pop(event.hold, None)
        if isinstance(event, PostingStopped):
            self._standing[event.hold] = event

    @property
    def standing(self) -> list[PostingStopped]:
        """The stops, one of each source."""
        return list({stop.source: stop for stop in self._standing.values()}.values())

    @property
    def sources(self) -> list[str]:
        """What they came from."""
        return [str(stop.source) for stop in self.standing]
