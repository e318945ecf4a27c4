"""A played day as its judges see it, in a copy that a test may make worse."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from schema.catalogue import type_of
from schema.contracts import Recorded
from schema.events.base import Event
from schema.ids import EventId, named
from tests.simulation.checks.facts import Facts
from tests.simulation.forum import Forum
from tests.simulation.judging import Check
from tests.simulation.server import Server


class Day(Facts):
    """The facts of a day, copied as deep as anything here is broken; the day itself stays whole."""

    def __init__(self, day: Facts) -> None:
        scene = copy(day.scene)
        scene.server, scene.forum = _server(scene.server), _forum(scene.forum)
        scene.faults = copy(scene.faults)
        scene.faults.struck = Counter()
        scene.faults_of_ours, scene.file_held = [], list(scene.file_held)
        log = copy(scene.server.log(scene.account))
        log.rows, log.bodies = list(log.rows), list(log.bodies)
        scene.server.logs = {scene.account: log}
        super().__init__(scene)
        self.landed = list(self.landed)

    def say(self, event: Event, at_s: float | None = None, **columns: Any) -> Recorded[Any]:
        """Tell of an event at the end of the log, or at `position`; it landed at `at_s`."""
        columns.setdefault("position", len(self.landed))
        if columns["position"] == len(self.landed):
            self.landed.append(self.end if at_s is None else at_s)
        row: Recorded[Any] = Recorded(
            account=self.scene.account,
            event_id=EventId(named("broken", str(len(self.landed)))),
            trace=self.rows[-1].trace,
            at=self.rows[-1].at,
            event=event,
            type=type_of(event),
            **columns,
        )
        self._remember(row)
        return row

    def retell(self, name: str, told: Callable[[Recorded[Any]], Recorded[Any] | None]) -> None:
        """Change every event of a type; None takes it away."""
        rows, self.by_type[name] = self.by_type[name], []
        for key in [key for key in self.by_permit if key[0] == name]:
            del self.by_permit[key]
        for row in rows:
            if (other := told(row)) is not None:
                self._remember(other)

    def forget(self, *names: str) -> None:
        """Take every event of these types away."""
        for name in names:
            self.retell(name, lambda _row: None)

    def change(self, name: str, **fields: Any) -> None:
        """Let every event of a type say something else."""
        self.retell(name, lambda row: replace(row, event=replace(row.event, **fields)))

    def first(self, name: str) -> Recorded[Any]:
        """Return the first event of a type."""
        return self.by_type[name][0]

    def _remember(self, row: Recorded[Any]) -> None:
        self.by_type[row.type].append(row)
        permit = getattr(row.event, "permit_id", None)
        if permit is not None:
            self.by_permit[row.type, str(permit)].append(row)


@dataclass(frozen=True)
class Break:
    """What is done to a day, and what the check of that promise says then."""

    check: Check
    harm: Callable[[Day], None]
    says: str


def _server(server: Server) -> Server:
    server = copy(server)
    server.unacknowledged = set(server.unacknowledged)
    server.queues = copy(server.queues)
    server.queues.waiting = defaultdict(list)
    server.folds, server.views = copy(server.folds), copy(server.views)
    server.folds.states = defaultdict(dict, {k: dict(v) for k, v in server.folds.states.items()})
    server.views.rows = defaultdict(dict, {k: dict(v) for k, v in server.views.rows.items()})
    return server


def _forum(forum: Forum) -> Forum:
    forum = copy(forum)
    forum.presses, forum.own = list(forum.presses), [copy(entry) for entry in forum.own]
    forum.by_id = forum.by_id | {entry.post_id: entry for entry in forum.own}
    return forum
