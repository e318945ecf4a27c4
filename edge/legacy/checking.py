"""Checking a whole file before any of it is imported: every bad row by line and reason."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from edge.legacy.events import BadRow, Importing, event_of
from edge.legacy.reading import Fault, Row, rows_of
from edge.legacy.tables import Table
from schema.contracts import NewEvent
from schema.errors import BadInput
from schema.events.legacy import LegacyPostImported

FAULTS_SHOWN_MAX = 20
CHUNK_BYTES = 1 << 20

Reached = Callable[[str, int], None]
"""Told what goes on, and how many rows are done."""


@dataclass
class Checked:
    """A file that was read to its end. `stamp` tells whether it has changed since."""

    file: Path
    table: Table
    sha256: str
    stamp: tuple[int, int]
    rows: int = 0
    posts: int = 0
    ignored: set[str] = field(default_factory=set)


def check(file: Path, table: Table, into: Importing, reached: Reached) -> Checked:
    """Read the file once, and make sure that every row can be taken.

    Raises:
        BadInput: the file cannot be read, or rows of it are bad; the message names each line.
    """
    checked = Checked(file, table, _sha256(file), stamp_of(file))
    faults: list[Fault] = []
    bad = 0
    for found in rows_of(file):
        fault = _fault(found, checked, into)
        checked.rows += 1
        if fault is not None:
            bad += 1
            faults += [fault] if bad <= FAULTS_SHOWN_MAX else []
        reached(f"checking {file.name}", checked.rows)
    if faults:
        raise _refused(file, faults, bad)
    return checked


def events_in(checked: Checked, into: Importing) -> Iterator[tuple[int, NewEvent]]:
    """Yield the line and the event of each row of a checked file.

    Raises:
        BadInput: the file is not the one that was checked.
    """
    if stamp_of(checked.file) != checked.stamp:
        message = f"{checked.file} was changed after it was checked"
        raise BadInput(message, remedy="run it again when nobody writes to the file")
    for found in rows_of(checked.file):
        if isinstance(found, Row):
            yield found.line, event_of(checked.table, found.values, into)


def stamp_of(file: Path) -> tuple[int, int]:
    """Return the file's size and time of change.

    Raises:
        BadInput: it is not there, or is no file that can be read twice.
    """
    if not file.is_file():
        raise BadInput(f"{file} is not a file", remedy="give a file; it is read twice")
    found = file.stat()
    return found.st_size, found.st_mtime_ns


def _fault(found: Row | Fault, checked: Checked, into: Importing) -> Fault | None:
    if isinstance(found, Fault):
        return found
    _refuse_other_columns(found, checked)
    checked.ignored |= found.columns - checked.table.known
    try:
        event = event_of(checked.table, found.values, into).event
    except BadRow as error:
        return Fault(found.line, error.message)
    checked.posts += isinstance(event, LegacyPostImported)
    return None


def _refuse_other_columns(found: Row, checked: Checked) -> None:
    missing = sorted(checked.table.required - found.columns)
    if missing:
        table, has = checked.table.name, ", ".join(sorted(found.columns))
        message = f"{checked.file}, line {found.line}: no column {', '.join(missing)}"
        raise BadInput(message, remedy=f"is it {table}? it has: {has}")


def _refused(file: Path, faults: list[Fault], bad: int) -> BadInput:
    lines = [f"  line {fault.line}: {fault.reason}" for fault in faults]
    more = [f"  and {bad - len(faults)} more"] if bad > len(faults) else []
    count = "1 row is bad" if bad == 1 else f"{bad} rows are bad"
    message = "\n".join([f"{file}: {count}; nothing was imported", *lines, *more])
    return BadInput(message, remedy="correct these rows or leave them out, and run it again")


def _sha256(file: Path) -> str:
    stamp_of(file)
    digest = hashlib.sha256()
    try:
        with file.open("rb") as opened:
            while chunk := opened.read(CHUNK_BYTES):
                digest.update(chunk)
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}"
        raise BadInput(message, remedy="correct its rights") from None
    return digest.hexdigest()
