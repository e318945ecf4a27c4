"""What commands print: JSON and aligned text on stdout, complaints and progress on stderr."""

from __future__ import annotations

import os
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

CELL_CHARACTERS_MAX = 100  # longer values are for --json


def say(text: str = "") -> None:
    """Print a line for a person."""
    _write(_printable(text))


def say_json(value: Any) -> None:
    """Print one compact line of JSON, the same on a terminal and in a pipe."""
    _write(msgspec.json.encode(value).decode())


def _write(line: str) -> None:
    try:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


def complain(message: str, remedy: str = "") -> None:
    """Print an error, and what to do about it."""
    lines = [f"error: {message}", *([f"→ {remedy}"] if remedy else [])]
    sys.stderr.write(_printable("\n".join(lines)) + "\n")


def fitted(text: str) -> str:
    """Cut lines at the terminal's edge, where their ends may be missed; a pipe gets all of them."""
    if not sys.stdout.isatty():
        return text
    columns = shutil.get_terminal_size().columns
    return "\n".join(_cut(line, columns) for line in text.split("\n"))


def notice(message: str) -> None:
    """Print something worth knowing that is not an error, beside the answer."""
    sys.stderr.write(_printable(f"note: {message}") + "\n")


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Lay out rows in aligned columns under their headings, if there are any.

    A terminal gets lines that end at its edge, where a wrapped table could not be read.
    """
    above = [headings] if any(headings) else []
    lines = [[_cell(value) for value in row] for row in [*above, *rows]]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(headings))]
    return fitted(
        "\n".join(
            "  ".join(
                text + " " * (width - _width(text))
                for text, width in zip(line, widths, strict=True)
            ).rstrip()
            for line in lines
        )
    )


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return str(value).lower()  # as TOML and JSON write it
    if isinstance(value, list | tuple):
        value = ", ".join(str(one) for one in value)
    text = _printable(" ".join(str(value).split()))
    return text if len(text) <= CELL_CHARACTERS_MAX else text[: CELL_CHARACTERS_MAX - 1] + "…"


def _cut(line: str, columns: int) -> str:
    if _width(line) <= columns:
        return line
    while _width(line) >= columns:
        line = line[: -max(1, (_width(line) - columns) // 2)]
    return line + "…"


def _printable(text: str) -> str:
    """Take out what a terminal would obey: text from a site is shown, never acted on."""
    return "".join(one if one == "\n" or _harmless(one) else "�" for one in text)


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"} or character == "\u200d"


def _width(text: str) -> int:
    """Count terminal columns: wide characters take two, combining and joining ones none."""
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
