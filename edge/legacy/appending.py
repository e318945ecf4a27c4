"""Appending a checked file to the log, some hundred rows a call; what is there already stays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from edge.legacy.checking import Checked, Reached, events_in
from edge.legacy.events import Importing
from schema.contracts import Command, NewEvent, Store
from schema.errors import AppendRefused
from schema.events.legacy import LegacyImportCompleted
from schema.ids import EventId, named

ACTOR = "import"
ROWS_PER_CALL = 500
CONFLICTS_SHOWN_MAX = 20
OTHER_BYTES = "GP002"  # the row's event is in the log with other values

Rows = list[tuple[int, NewEvent]]


class Imported(msgspec.Struct, kw_only=True):
    """What became of a file's rows. `conflicts` are lines, the first of them."""

    file: str
    table: str
    rows: int
    posts: int
    new: int = 0
    known: int = 0
    conflicting: int = 0
    conflicts: list[int] = []
    ignored_columns: list[str] = []


async def append_file(
    store: Store, checked: Checked, into: Importing, by: str, reached: Reached
) -> Imported:
    """Append every row. Interrupted, it goes on where it was when it is run again.

    Raises:
        AppendRefused: the log refused a row for another reason than that it knows it otherwise.
    """
    done = Imported(
        file=str(checked.file),
        table=checked.table.name,
        rows=checked.rows,
        posts=checked.posts,
        ignored_columns=sorted(checked.ignored),
    )
    for rows in _together(events_in(checked, into)):
        await _append(store, into, rows, done)
        reached(f"importing {checked.file.name}", done.new + done.known + done.conflicting)
    await _complete(store, checked, into, by)
    return done


def _together(rows: Iterator[tuple[int, NewEvent]]) -> Iterator[Rows]:
    while some := list(islice(rows, ROWS_PER_CALL)):
        yield some


async def _append(store: Store, into: Importing, rows: Rows, done: Imported) -> None:
    commands = [Command((new,)) for _, new in rows]
    verdicts = await store.append(into.account, commands, actor=ACTOR)
    for (line, _), verdict in zip(rows, verdicts, strict=True):
        if verdict.code == OTHER_BYTES:
            done.conflicting += 1
            done.conflicts += [line] if done.conflicting <= CONFLICTS_SHOWN_MAX else []
        elif not verdict.stands:
            raise AppendRefused(f"{done.file}, line {line}: {verdict.reason}", code=verdict.code)
        else:
            done.new += verdict.code == "ok"
            done.known += verdict.code == "same"


async def _complete(store: Store, checked: Checked, into: Importing, by: str) -> None:
    """Say once that this very file is in the log."""
    parts = ("legacy", into.account, "completed", checked.table.name, checked.sha256)
    event_id = EventId(named(*parts))
    if await store.by_id(into.account, event_id) is not None:
        return
    event = LegacyImportCompleted(
        table=checked.table.name, file_sha256=checked.sha256, rows=checked.rows, by=by
    )
    commands: Sequence[Command] = [Command((NewEvent(event_id, event),))]
    await store.append(into.account, commands, actor=ACTOR)
