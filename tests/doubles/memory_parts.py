"""Handlers and projectors in memory: checkpoints, states and rows, as the store runs them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from replay.folding import Folding
from schema.catalogue import type_of
from schema.contracts import Command, Handler, NewEvent, Projector, Recorded, Verdict
from schema.ids import Account, EventId, derive
from tests.doubles.memory_log import MemoryLog

Append = Callable[..., list[Verdict]]


@dataclass
class Folds:
    """Handlers' states by (handler, account, fold, key), and how far each has come."""

    states: dict[tuple[str, Account, str, str], Any] = field(default_factory=dict)
    checkpoints: dict[tuple[str, Account], int] = field(default_factory=dict)

    def run(self, handler: Handler, log: MemoryLog, append: Append, batch: int) -> int:
        """Let the handler consume one batch up to the log's present end."""
        place = (handler.name, log.account)
        after = self.checkpoints.get(place, -1)
        wanted = handler.hears + handler.says
        rows = [row for row in log.rows[after + 1 :] if isinstance(row.event, wanted)][:batch]
        end = rows[-1].position if len(rows) == batch else len(log.rows) - 1
        for row in rows:
            if not (row.actor == handler.name and isinstance(row.event, handler.says)):
                self._consume(handler, row, append)
        self.checkpoints[place] = max(after, end)
        return len(rows)

    def _consume(self, handler: Handler, row: Recorded[Any], append: Append) -> None:
        answers = []
        if isinstance(row.event, handler.hears):
            answers = list(handler.decide(self._states(handler, row), row))
        new = [_answer(handler, row, event, n) for n, event in enumerate(answers)]
        self._fold(handler, row)
        if not new:
            return
        verdicts = append(
            row.account, [Command(tuple(new))], actor=handler.name, approver=handler.approver
        )
        if verdicts[0].stands:
            for one in new:
                self._fold(handler, _as_read_at(row, one))

    def _states(self, handler: Handler, row: Recorded[Any]) -> Any:
        found = {}
        for name, fold in handler.folds.items():
            key = fold.key(row.event)
            place = (handler.name, row.account, name, key or "")
            found[name] = fold.initial if key is None else self.states.get(place, fold.initial)
        return handler.states(**found)

    def _fold(self, handler: Handler, row: Recorded[Any]) -> None:
        for name, fold in handler.folds.items():
            key = fold.key(row.event)
            if key is not None:
                place = (handler.name, row.account, name, key)
                self.states[place] = fold.evolve(self.states.get(place, fold.initial), row)


def _answer(handler: Handler, cause: Recorded[Any], event: Any, ordinal: int) -> NewEvent:
    if not isinstance(event, handler.says):
        raise TypeError(f"{handler.name} may not say {type_of(event)}")
    kind = f"{handler.name}.{type_of(event)}"
    event_id = EventId(derive(cause.event_id, kind, ordinal))
    return NewEvent(event_id, event, cause=cause.event_id)


def _as_read_at(cause: Recorded[Any], new: NewEvent) -> Recorded[Any]:
    return Recorded(
        account=cause.account,
        position=cause.position,
        event_id=new.event_id,
        trace=cause.trace,
        at=cause.at,
        event=new.event,
        type=type_of(new.event),
        cause=cause.position,
        actor="",
    )


@dataclass
class Views:
    """Projectors' rows by (view, account), and how far each has come."""

    rows: dict[tuple[str, Account], dict[str, Any]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    checkpoints: dict[tuple[str, Account], int] = field(default_factory=dict)

    def run(self, projector: Projector[Any], log: MemoryLog) -> int:
        """Fold what is new into the rows."""
        place = (projector.name, log.account)
        after = self.checkpoints.get(place, -1)
        folding = Folding(projector)
        folding.rows = self.rows[place]
        for row in log.rows[after + 1 :]:
            folding.feed(row)
        self.checkpoints[place] = len(log.rows) - 1
        return len(log.rows) - 1 - after
