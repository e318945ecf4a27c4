"""Given, when, then: one handler run over facts as the store runs it, without a database.

The one place that repeats what `eventstore.handling` does inside its transaction: decide on the
states before the event, remember the event, then remember the answers at their cause's place.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from eventstore.folding import States, answers_to, as_recorded, is_own_answer
from schema.catalogue import type_of
from schema.contracts import Command, Handler, Recorded
from schema.events.base import Event
from schema.ids import Account, EventId, Trace, named

ME = Account("me")
NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
NOTHING: list[Event] = []


class Running:
    """A handler and its states."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler
        self.states = States(handler)

    def consume(
        self, recorded: Recorded[Any], stands: Callable[[Command], bool] = lambda _: True
    ) -> Command | None:
        """Let the handler answer one event of the log; None for nothing.

        `stands` appends the answers; what the log refuses was not said and is not remembered.
        As in the store, the due time of a job that the handler does not name is passed over.
        """
        if is_own_answer(self.handler, recorded) or self.handler.passes_over(recorded.event):
            return None
        self._load(recorded.event)
        command = answers_to(self.handler, self.states, recorded)
        self.states.remember(recorded)
        if command is None or not stands(command):
            return None
        for new in command.events:
            self.remember(as_recorded(self.handler, recorded, new))
        return command

    def remember(self, recorded: Recorded[Any]) -> None:
        """Fold one event without asking for an answer."""
        self.states.remember_anew(recorded)

    def store_and_load(self) -> None:
        """Write the states and read them back, as happens between two batches."""
        rows = self.states.to_store()
        asked = list(self.states.known)
        stored = {(name, key): state for name, key, state in rows}
        kept = {place: self.states.known[place] for place in asked if place not in stored}
        fresh = States(self.handler)
        there = [(name, key, state) for (name, key), state in stored.items() if state is not None]
        fresh.load(there, asked)
        fresh.known |= kept
        self.states = fresh

    def _load(self, event: Event) -> None:
        for name, key in self.states.keys_of(event):
            self.states.known.setdefault((name, key), self.handler.folds[name].initial)


class Scene:
    """A short log in front of one handler. A `timedelta` among the facts lets time pass."""

    def __init__(self, handler: Handler, *facts: Event | timedelta) -> None:
        self.running = Running(handler)
        self.now = NOON
        self.log: list[Recorded[Any]] = []
        self.given(*facts)

    def given(self, *facts: Event | timedelta, cause: int | None = None) -> Scene:
        """Let the handler remember facts of the past, its own earlier answers among them."""
        for fact in facts:
            if isinstance(fact, timedelta):
                self.now += fact
            else:
                self.running.remember(replace(self._recorded(fact), cause=cause))
        self.running.store_and_load()
        return self

    def when(self, event: Event) -> list[Event]:
        """Return what the handler answers to an event that arrives now."""
        command = self.running.consume(self._recorded(event))
        self.running.store_and_load()
        return [new.event for new in command.events] if command else []

    def id_of(self, event: Event) -> EventId:
        """Return the id under which an event of this scene was recorded last."""
        return next(row.event_id for row in reversed(self.log) if row.event == event)

    def _recorded(self, event: Event) -> Recorded[Any]:
        event_id = EventId(named("scene", str(len(self.log))))
        row = Recorded(
            account=ME,
            position=len(self.log),
            event_id=event_id,
            trace=Trace(event.chain() or event_id),
            at=self.now,
            event=event,
            type=type_of(event),
            actor="test",
        )
        self.log.append(row)
        return row
