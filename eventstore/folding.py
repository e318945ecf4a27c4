"""One batch through a handler, without I/O: decide, remember the event, remember the answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from eventstore.reading import Erased
from schema.catalogue import VERSIONS, type_of
from schema.contracts import Command, Handler, NewEvent, Recorded
from schema.events.base import Event
from schema.ids import EventId, Trace, derive

StateKey = tuple[str, str]
"""Fold's name, key within the fold."""


@dataclass
class States:
    """The states that a batch needs, and which of them changed."""

    handler: Handler
    known: dict[StateKey, Any] = field(default_factory=dict)
    changed: set[StateKey] = field(default_factory=set)
    _latest: Event | None = None
    _keys: list[StateKey] = field(default_factory=list)

    def keys_of(self, event: Event) -> list[StateKey]:
        """Return the keys under which the handler's folds remember the event.

        They are asked for when states are loaded, judged and remembered: three times running.
        """
        if event is not self._latest:
            self._latest, self._keys = event, self._keys_of(event)
        return self._keys

    def _keys_of(self, event: Event) -> list[StateKey]:
        if isinstance(event, Erased):
            return []
        folds = self.handler.folds.items()
        return [(name, key) for name, fold in folds if (key := fold.key(event)) is not None]

    def load(self, rows: Iterable[tuple[str, str, bytes]], asked: Iterable[StateKey]) -> None:
        """Take in stored states; a key asked for and not stored is in its initial state."""
        for name, key in asked:
            self.known[name, key] = self.handler.folds[name].initial
        for name, key, state in rows:
            self.known[name, key] = msgspec.json.decode(state, type=self.handler.folds[name].state)

    def before(self, event: Event) -> Any:
        """Build the value that `decide` sees."""
        folds = self.handler.folds
        keyed = dict(self.keys_of(event))
        return self.handler.states(
            **{
                name: self.known[name, keyed[name]] if name in keyed else fold.initial
                for name, fold in folds.items()
            }
        )

    def remember(self, recorded: Recorded[Any]) -> None:
        """Fold one event into every state that it belongs to."""
        for name, key in self.keys_of(recorded.event):
            state = self.known[name, key]
            after = self.handler.folds[name].evolve(state, recorded)
            if after is not state and after != state:
                self.known[name, key] = after
                self.changed.add((name, key))

    def remember_anew(self, recorded: Recorded[Any]) -> None:
        """Fold one event where every state begins as the initial one."""
        for name, key in self.keys_of(recorded.event):
            self.known.setdefault((name, key), self.handler.folds[name].initial)
        self.remember(recorded)

    def to_store(self) -> list[tuple[str, str, bytes | None]]:
        """Return what changed, encoded; None for a state that is the initial one again."""
        return [(name, key, self._encoded(name, key)) for name, key in sorted(self.changed)]

    def _encoded(self, name: str, key: str) -> bytes | None:
        state = self.known[name, key]
        return None if state == self.handler.folds[name].initial else msgspec.json.encode(state)


def is_own_answer(handler: Handler, recorded: Recorded[Any]) -> bool:
    """Say whether the handler said this itself; it was folded at its cause then."""
    return recorded.actor == handler.name and type(recorded.event) in handler.says


def answers_to(handler: Handler, states: States, recorded: Recorded[Any]) -> Command | None:
    """Let the handler answer one event; None when it has nothing to say.

    Raises:
        TypeError: the handler said something that is not in its `says`.
    """
    if type(recorded.event) not in handler.hears:
        return None
    answers = handler.decide(states.before(recorded.event), recorded)
    for answer in answers:
        if type(answer) not in handler.says:
            raise TypeError(f"{handler.name} may not say {type(answer).__name__}")
    return _command(handler, recorded, answers) if answers else None


def as_recorded(handler: Handler, cause: Recorded[Any], answer: NewEvent) -> Recorded[Any]:
    """Return the answer as its own handler folds it: at its cause's place and time."""
    name = type_of(answer.event)
    return Recorded(
        cause.account,
        cause.position,
        answer.event_id,
        Trace(answer.event.chain() or cause.trace),
        cause.at,
        answer.event,
        name,
        cause.position,
        handler.name,
        VERSIONS[name],
    )


def read_again(cause: Recorded[Any], answer: Recorded[Any]) -> Recorded[Any]:
    """Return a recorded answer as its handler folded it when it said it."""
    return msgspec.structs.replace(
        answer, position=cause.position, at=cause.at, spends=None, expires_at=None
    )


def _command(handler: Handler, cause: Recorded[Any], answers: Sequence[Event]) -> Command:
    return Command(
        tuple(
            NewEvent(
                EventId(derive(cause.event_id, f"{handler.name}.{type_of(answer)}", ordinal)),
                answer,
                cause=cause.event_id,
                trace=Trace(answer.chain() or cause.trace),
            )
            for ordinal, answer in enumerate(answers)
        )
    )
