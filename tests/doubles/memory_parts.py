"""Handlers and projectors in memory: the production fold over states and rows held in dicts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import msgspec

from eventstore.folding import StateKey, States, answers_to, as_recorded, is_own_answer
from replay.folding import Folding
from schema.contracts import Command, Handler, Projector, Recorded
from schema.events.base import Event
from schema.ids import Account
from tests.doubles.memory_log import MemoryLog

Place = tuple[str, Account]
"""A consumer's name and the account whose log it consumes."""


@dataclass
class Batch:
    """What a handler made of one stretch of a log: nothing of it stands before it is kept."""

    place: Place
    states: States
    consumed: int
    upto: int
    said: list[tuple[int, Command]]


@dataclass
class Folds:
    """Handlers' states by (handler, account), then (fold, key), and how far each has come."""

    states: dict[Place, dict[StateKey, Any]] = field(default_factory=lambda: defaultdict(dict))
    checkpoints: dict[Place, int] = field(default_factory=dict)
    wanted: dict[str, frozenset[type[Event]]] = field(default_factory=dict)

    def _learn(self, handler: Handler) -> frozenset[type[Event]]:
        """Keep what a handler reads as a set: this is asked for every event and handler."""
        self.wanted[handler.name] = frozenset((*handler.hears, *handler.says))
        return self.wanted[handler.name]

    def consume(
        self, handler: Handler, log: MemoryLog, batch: int, dropped: frozenset[int] = frozenset()
    ) -> Batch | None:
        """Let the handler answer one batch; None when there is nothing new for it."""
        place = (handler.name, log.account)
        after, end = self.checkpoints.get(place, -1), len(log.rows) - 1
        if after == end:
            return None
        wanted = self.wanted.get(handler.name) or self._learn(handler)
        rows = [row for row in log.rows[after + 1 :] if type(row.event) in wanted][:batch]
        upto = rows[-1].position if len(rows) == batch else end
        heeded = [row for row in rows if not handler.passes_over(row.event)] if rows else rows
        if not heeded and len(rows) < batch:
            self.checkpoints[place] = upto
            return None
        states = States(handler)
        said = [(r.position, c) for r in heeded if (c := self._answer(states, place, r, dropped))]
        return Batch(place, states, len(rows), upto, said)

    def _answer(
        self, states: States, place: Place, row: Recorded[Any], dropped: frozenset[int]
    ) -> Command | None:
        if is_own_answer(states.handler, row):
            return None
        self._load(states, place, row)
        command = None if row.position in dropped else answers_to(states.handler, states, row)
        states.remember(row)
        if command is not None:
            answers = [as_recorded(states.handler, row, new) for new in command.events]
            for answer in answers:
                self._load(states, place, answer)
                states.remember(answer)
        return command

    def _load(self, states: States, place: Place, row: Recorded[Any]) -> None:
        known, stored = states.known, self.states[place]
        for key in states.keys_of(row.event):
            if key not in known:
                known[key] = stored[key] if key in stored else states.handler.folds[key[0]].initial

    def keep(self, batch: Batch) -> None:
        """Make a batch's states and checkpoint stand."""
        stored = self.states[batch.place]
        for key in batch.states.changed:
            stored[key] = batch.states.known[key]
        self.checkpoints[batch.place] = batch.upto

    def read_again(self, handler: Handler, account: Account) -> None:
        """Take every state through its stored form, as a fresh process would read it."""
        stored = self.states[handler.name, account]
        for (name, key), state in stored.items():
            raw = msgspec.json.encode(state)
            stored[name, key] = msgspec.json.decode(raw, type=handler.folds[name].state)


@dataclass
class Views:
    """Projectors' rows by (view, account), and how far each has come."""

    rows: dict[Place, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    checkpoints: dict[Place, int] = field(default_factory=dict)

    def run(self, projector: Projector[Any], log: MemoryLog) -> int:
        """Fold what is new into the rows."""
        place = (projector.name, log.account)
        new = log.rows[self.checkpoints.get(place, -1) + 1 :]
        self.checkpoints[place] = len(log.rows) - 1
        heard = [row for row in new if type(row.event) in projector.hears]
        if heard:
            folding = Folding(projector)
            folding.rows = self.rows[place]
            for row in heard:
                folding.feed(row)
        return len(heard)

    def rebuild(self, projector: Projector[Any], log: MemoryLog) -> int:
        """Fold everything into new rows; returns events heard."""
        self.rows[projector.name, log.account] = {}
        self.checkpoints.pop((projector.name, log.account), None)
        return self.run(projector, log)
