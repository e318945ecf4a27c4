"""Everything that remembers is a fold of the log: folded afresh it is the same."""

from __future__ import annotations

from collections.abc import Iterator

import handlers
from eventstore.folding import States, is_own_answer, read_again
from projectors import VIEWS
from replay.folding import fold
from schema.contracts import Handler
from tests.simulation.checks.facts import Facts

REFOLDED_EVERY = 8
"""Folding every handler again takes a quarter of a seed's time, so some seeds do it for all."""


def views_are_folds(facts: Facts) -> Iterator[str]:
    """Live rows equal those of a fresh fold."""
    server, account = facts.scene.server, facts.scene.account
    for view in VIEWS.values():
        reached = server.views.checkpoints.get((view.name, account), -1)
        fresh = fold(view, facts.heard_by(view, reached))
        if fresh != server.views.rows[view.name, account]:
            yield f"view {view.name} is not the fold of the log"


def states_are_folds(facts: Facts) -> Iterator[str]:
    """A handler's live states equal those rebuilt from the log, its own answers at their cause."""
    if facts.scene.seed % REFOLDED_EVERY:
        return
    server, account = facts.scene.server, facts.scene.account
    for handler in handlers.ALL:
        live = dict(server.folds.states[handler.name, account])
        fresh = _rebuilt(handler, facts, server.folds.checkpoints.get((handler.name, account), -1))
        for (name, key), state in fresh.items():
            if live.get((name, key), handler.folds[name].initial) != state:
                yield f"{handler.name} remembers another {name} {key!r} than the log tells"


def _rebuilt(handler: Handler, facts: Facts, reached: int) -> dict[tuple[str, str], object]:
    states = States(handler)
    answers: dict[int, list[int]] = {}
    for row in facts.rows:
        if row.cause is not None and is_own_answer(handler, row):
            answers.setdefault(row.cause, []).append(row.position)
    wanted = (*handler.hears, *handler.says)
    for row in facts.rows[: reached + 1]:
        if type(row.event) in wanted and not is_own_answer(handler, row):
            states.remember_anew(row)
            for position in answers.get(row.position, ()):
                answer = facts.rows[position]
                states.remember_anew(read_again(row, answer))
    return dict(states.known)
