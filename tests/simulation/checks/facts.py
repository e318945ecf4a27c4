"""Facts: the final log of a scene, looked up by type and by permit, with true times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from replay.entry import entry_of
from schema.contracts import Projector, Recorded
from tests.simulation.scene import Scene

BUDGET_S = 10.0
MINUTE_S = 60.0
OUTCOMES = ("posting_success", "click_not_sent", "click_rejected", "outcome_abandoned")


class Facts:
    """What is on record, beside what truly was."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.forum = scene.forum
        self.rows: list[Recorded[Any]] = scene.server.log(scene.account).rows
        self.entries = [entry_of(row) for row in self.rows]
        self.landed = scene.server.landed[scene.account]
        self.end = scene.hours * 3600
        self.by_type: dict[str, list[Recorded[Any]]] = defaultdict(list)
        self.by_permit: dict[tuple[str, str], list[Recorded[Any]]] = defaultdict(list)
        for row in self.rows:
            self.by_type[row.type].append(row)
            permit = getattr(row.event, "permit_id", None)
            if permit is not None:
                self.by_permit[row.type, str(permit)].append(row)

    def of(self, *types: str) -> Iterator[Recorded[Any]]:
        """Yield the events of these types."""
        for name in types:
            yield from self.by_type[name]

    def heard_by(self, view: Projector[Any], reached: int) -> list[Recorded[Any]]:
        """Return what a view hears, in the order of the log, as far as it has come."""
        heard = self.of(*view.reads)
        return sorted((row for row in heard if row.position <= reached), key=_position)

    def about(self, permit_id: object, *types: str) -> list[Recorded[Any]]:
        """Return the events of these types about one permit."""
        return [row for name in types for row in self.by_permit[name, str(permit_id)]]

    def time(self, row: Recorded[Any]) -> float:
        """Return the true time at which an event was appended."""
        return self.landed[row.position]

    def stops(self) -> Iterator[tuple[float, float, int]]:
        """Yield when posting was stopped and allowed again, in true time, and where in the log."""
        held: set[str] = set()
        began = (0.0, 0)
        for row in sorted(self.of("posting_stopped", "posting_allowed"), key=lambda r: r.position):
            was = bool(held)
            (held.add if row.type == "posting_stopped" else held.discard)(row.event.hold)
            if held and not was:
                began = (self.time(row), row.position)
            elif was and not held:
                yield began[0], self.time(row), began[1]
        if held:
            yield began[0], self.end, began[1]


def _position(row: Recorded[Any]) -> int:
    return row.position
