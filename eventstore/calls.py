"""One call of the append function: commands become parallel arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from schema.catalogue import VERSIONS, type_of
from schema.contracts import Command, Condition, NewEvent
from schema.errors import BadInput, MalformedEvent
from schema.law import LawColumns, law_columns
from schema.wire import encode

CLICK = "click_attempt"
ACTOR_CHARS_MAX = 300  # a line of the leaf's header, and a constraint on the log


@dataclass(frozen=True, slots=True)
class Written:
    """One new event, encoded. `trace_of` is the event in the log whose trace it takes."""

    new: NewEvent
    type: str
    body: bytes
    trace: UUID | None
    trace_of: UUID | None
    law: LawColumns


@dataclass(frozen=True, slots=True)
class Prepared:
    """One command, encoded, with who says it."""

    actor: str
    events: tuple[Written, ...]
    condition: Condition | None

    @property
    def clicks(self) -> bool:
        """Whether a click attempt is in it; such a command is sent alone."""
        return any(event.type == CLICK for event in self.events)


def prepare(commands: Sequence[Command], actor: str) -> list[Prepared]:
    """Encode commands.

    Raises:
        MalformedEvent: an event cannot be written, or the actor is no one-line name.
        BadInput: a command without events.
    """
    if not (0 < len(actor) <= ACTOR_CHARS_MAX and actor.isprintable()):
        message = f"the actor is no name: {actor[:40]!r}"
        raise MalformedEvent(message, remedy=f"use 1 to {ACTOR_CHARS_MAX} printable characters")
    traces: dict[UUID, tuple[UUID | None, UUID | None]] = {}
    return [_prepared(command, actor, traces) for command in commands]


def parameters(account: str, commands: Sequence[Prepared]) -> dict[str, Any]:
    """Return the parameters of `append.sql`; a column that no event has is one null."""
    rows = [(n, command.actor, e) for n, command in enumerate(commands) for e in command.events]
    laws = [e.law for _, _, e in rows]
    conditions = [(n, c.condition) for n, c in enumerate(commands) if c.condition is not None]
    return {
        "account": account,
        "command": [n for n, _, _ in rows],
        "actor": [actor for _, actor, _ in rows],
        "event_id": [e.new.event_id for _, _, e in rows],
        "type": [e.type for _, _, e in rows],
        "version": [VERSIONS[e.type] for _, _, e in rows],
        "trace": _sparse([e.trace for _, _, e in rows]),
        "trace_of": _sparse([e.trace_of for _, _, e in rows]),
        "cause": _sparse([e.new.cause for _, _, e in rows]),
        "body": [e.body for _, _, e in rows],
        "permit": _sparse([law.permit for law in laws]),
        "spends": _sparse([law.spends for law in laws]),
        "posted_id": _sparse([law.posted_id for law in laws]),
        "text_hash": _sparse([law.text_hash for law in laws]),
        "target": _sparse([law.target for law in laws]),
        "target_author": _sparse([law.target_author for law in laws]),
        "ttl_s": _sparse([law.ttl_s for law in laws]),
        "c_command": [n for n, _ in conditions],
        "c_trace": [c.trace for _, c in conditions],
        "c_after": [c.after for _, c in conditions],
        "c_types": [",".join(c.types) for _, c in conditions],
    }


def _prepared(
    command: Command, actor: str, traces: dict[UUID, tuple[UUID | None, UUID | None]]
) -> Prepared:
    if not command.events:
        raise BadInput("a command without events", remedy="leave it out")
    events = tuple(_written(new, traces) for new in command.events)
    return Prepared(actor, events, command.condition)


def _written(new: NewEvent, traces: dict[UUID, tuple[UUID | None, UUID | None]]) -> Written:
    trace, trace_of = new.trace or new.event.chain(), None
    if trace is None and new.cause is not None:
        trace, trace_of = traces.get(new.cause, (None, new.cause))
    elif trace is None:
        trace = new.event_id
    traces[new.event_id] = trace, trace_of
    law = law_columns(new.event)
    return Written(new, type_of(new.event), encode(new.event), trace, trace_of, law)


def _sparse(values: list[Any]) -> list[Any] | None:
    return values if any(value is not None for value in values) else None
