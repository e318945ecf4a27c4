"""Refolding: a log says the same however often it is read, and its states can be made anew."""

from __future__ import annotations

from typing import Any

from eventstore.folding import States, is_own_answer, read_again
from schema.contracts import Handler, Recorded
from schema.wire import encode
from tests.handlers.histories import History


def states_are_those_of_a_refold(history: History) -> None:
    """Folding the log again, each answer at its cause, gives the states that rules went by."""
    for running in history.flow.running:
        states = refolded(running.handler, history.flow.rows)
        assert kept(states) == kept(running.states), running.handler.name


def refolded(handler: Handler, rows: list[Recorded[Any]]) -> States:
    """Fold a log as `eventstore.rebuilding` does."""
    states, answers = States(handler), dict[int, list[Recorded[Any]]]()
    for row in rows:
        if is_own_answer(handler, row) and row.cause is not None:
            answers.setdefault(row.cause, []).append(row)
    for row in rows:
        if not isinstance(row.event, handler.hears + handler.says) or is_own_answer(handler, row):
            continue
        states.remember_anew(row)
        for answer in answers.get(row.position, ()):
            states.remember_anew(read_again(row, answer))
    return states


def kept(states: States) -> dict[Any, Any]:
    """Return the states that differ from the initial ones."""
    folds = states.handler.folds
    return {p: state for p, state in states.known.items() if state != folds[p[0]].initial}


def as_bytes(history: History) -> list[bytes]:
    """Return the whole log as it would be stored, with ids, causes and actors."""
    return [
        b"%s %s %d %s" % (row.event_id.bytes, row.actor.encode(), row.cause or 0, encode(row.event))
        for row in history.flow.rows
    ]
