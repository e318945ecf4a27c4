"""Reading an export as it comes: lines, then rows by column, faults by line; a row in memory."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from schema.errors import BadInput

LINE_BYTES_MAX = 1_000_000  # a row's own limit, an event's 64 KiB, is far below
BOM = b"\xef\xbb\xbf"
NULLS = frozenset({"", "\\N"})
"""How PostgreSQL writes what is not there: in CSV, and in its text format."""


@dataclass(frozen=True)
class Row:
    """One row: the line at which it begins, its columns, and its values where they are not null."""

    line: int
    columns: frozenset[str]
    values: dict[str, str]


@dataclass(frozen=True)
class Fault:
    """A row that cannot be read or taken, and why."""

    line: int
    reason: str


def rows_of(file: Path) -> Iterator[Row | Fault]:
    """Yield the rows of a CSV file with a header, or of a file of JSON lines; UTF-8.

    Raises:
        BadInput: the file cannot be read at all: it is empty, of another form, or not there.
    """
    try:
        with file.open("rb") as opened:
            lines = _lines(iter(lambda: opened.readline(LINE_BYTES_MAX + 1), b""), file)
            first = next((line for line in lines if line[1].strip()), None)
            if first is None:
                raise BadInput(f"{file} is empty", remedy="export it again, with its header")
            yield from _rows(first, lines, file)
    except OSError as error:
        message = f"{file} cannot be read: {error.strerror}"
        raise BadInput(message, remedy="correct its name or its rights") from None


def _lines(raw: Iterator[bytes], file: Path) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(raw, start=1):
        if number == 1 and line[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise BadInput(f"{file} is UTF-16", remedy="save it as UTF-8")
        if len(line) > LINE_BYTES_MAX:
            message = f"{file}, line {number} has over {LINE_BYTES_MAX} bytes"
            raise BadInput(message, remedy="export it as CSV or JSON lines, a row a line")
        # what is not UTF-8 stays visible as a lone surrogate, and is that row's fault
        text = line.removeprefix(BOM) if number == 1 else line
        yield number, text.decode("utf-8", "surrogateescape")


def _rows(
    first: tuple[int, str], lines: Iterator[tuple[int, str]], file: Path
) -> Iterator[Row | Fault]:
    match first[1].lstrip()[:1]:
        case "{":
            return _from_json(itertools.chain([first], lines))
        case "[":
            message = f"{file} is one JSON array"
            raise BadInput(message, remedy="write JSON lines: one object a line (jq -c '.[]')")
        case _:
            return _from_csv(first, lines, file)


def _from_json(lines: Iterator[tuple[int, str]]) -> Iterator[Row | Fault]:
    for number, line in lines:
        if not line.strip():
            continue
        try:
            found = msgspec.json.decode(line.encode("utf-8", "surrogateescape"))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield Fault(number, f"no JSON: {error}")
            continue
        if isinstance(found, dict):
            columns = frozenset(map(_column, found))
            values = {_column(k): _text(v) for k, v in found.items() if v is not None}
            yield Row(number, columns, values)
        else:
            yield Fault(number, "no JSON object")


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _from_csv(
    first: tuple[int, str], lines: Iterator[tuple[int, str]], file: Path
) -> Iterator[Row | Fault]:
    before = first[0] - 1
    reader = csv.reader((line for _, line in itertools.chain([first], lines)), strict=True)
    header = [_column(name) for name in next(reader)]
    if len(set(header)) < len(header):
        message = f"{file}: the header names a column twice: {', '.join(header)}"
        raise BadInput(message, remedy="give each column a name of its own")
    columns = frozenset(header)
    while True:
        begins = before + reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            # where the next row begins nobody can tell any more
            yield Fault(begins, f"no CSV: {error}; what follows was not read")
            return
        if cells is None:
            return
        if cells and len(cells) != len(header):
            yield Fault(begins, f"{len(cells)} cells, the header has {len(header)}")
        elif cells:
            pairs = zip(header, cells, strict=True)
            yield Row(begins, columns, {k: cell for k, cell in pairs if cell not in NULLS})


def _column(name: str) -> str:
    return name.strip().lower()
