"""A wrong setting, told with its file, its key and what is accepted there."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from edge.settings.layers import Layers
from edge.settings.masking import without_password
from schema.errors import BadSettings

SECRETS = frozenset(
    {
        *("password", "api_key", "secret", "webhook_url"),
        *("url", "approver_url", "reader_url", "admin_url"),
    }
)
"""Last words of keys whose value is never shown."""


def fault_of(error: ValidationError, root: type[BaseModel], layers: Layers) -> BadSettings:
    """Return one error that names every wrong setting."""
    faults = error.errors(include_url=False)
    lines = [_line(fault, root, layers) for fault in faults]
    return BadSettings("\n".join(lines), remedy="correct it, then `ghostproof config show`")


def _line(fault: ErrorDetails, root: type[BaseModel], layers: Layers) -> str:
    path = [str(step) for step in fault["loc"]]
    key = ".".join(step for step in path if step != "[key]")
    where = _origin(key, layers)
    if fault["type"] == "extra_forbidden":
        return f"{where}: unknown key {key}{_suggestion(path, root)}"
    value = layers.get(key)
    hidden = value is None or isinstance(value, dict) or path[-1] in SECRETS  # a table may hold one
    shown = "" if hidden else f", not {without_password(repr(value))}"
    said = fault["msg"].removeprefix("Value error, ")
    return f"{where}: {key or 'settings'}: {said[:1].lower()}{said[1:]}{shown}"


def _origin(key: str, layers: Layers) -> str:
    below = (origin for name, origin in layers.origins.items() if name.startswith(f"{key}."))
    return next(below, layers.origins.get(key, str(layers.file or "settings")))


def _suggestion(path: Sequence[str], root: type[BaseModel]) -> str:
    known = _names_beside(path, root)
    near = difflib.get_close_matches(path[-1], known, n=1)
    return f"; did you mean {near[0]}?" if near else f"; known are {', '.join(sorted(known))}"


def _names_beside(path: Sequence[str], root: type[BaseModel]) -> list[str]:
    """Return the keys that are accepted where the last step of the path stands."""
    fields: Any = root.model_fields
    entry: Any = None
    for step in path[:-1]:
        kind = fields[step].annotation if step in fields else entry
        fields = getattr(kind, "model_fields", {})
        entry = _entry_of(kind)
    return list(fields)


def _entry_of(annotation: Any) -> Any:
    """Return the type of a mapping's values."""
    arguments = getattr(annotation, "__args__", ())
    return arguments[-1] if arguments else None
