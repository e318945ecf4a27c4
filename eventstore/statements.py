"""SQL by name: every statement longer than a line lives in a file of its own."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import LiteralString

FOLDER = files("eventstore") / "sql"


@cache
def statement(name: str) -> LiteralString:
    """Return the text of `sql/queries/<name>.sql`; trusted, because we ship it."""
    return script(f"queries/{name}.sql")


@cache
def page_of(name: str) -> LiteralString:
    """Return the statement that reads the rows of `sql/queries/<name>.sql` as one page."""
    return statement("page_of").replace("{rows}", statement(name))


@cache
def script(path: str) -> LiteralString:
    """Return the text of a file under `sql/`."""
    return (FOLDER / path).read_text(encoding="utf-8")
