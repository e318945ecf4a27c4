"""The event catalogue for readers: JSON Schema, and a page of documentation."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec

from schema.catalogue import EVENT_TYPES, PARTS, ROUTES, VERSIONS
from schema.events.base import Event
from schema.law import LEGAL_MOVES

REFERENCE = "#/$defs/{name}"


def json_schema() -> dict[str, Any]:
    """Return one JSON Schema that holds every event type; an event is one of them."""
    schemas, components = msgspec.json.schema_components(
        EVENT_TYPES.values(), ref_template=REFERENCE
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "ghostproof events",
        "oneOf": list(schemas),
        "$defs": components,
    }


def as_markdown() -> str:
    """Return the catalogue as a page, one section per part of the flow."""
    lines = [
        "# Events",
        "",
        "Every event that can be in the log, in the order of the flow.",
        "This page is written by `ghostproof catalogue --markdown`.",
    ]
    for part in PARTS:
        lines += ["", f"## {_first_line(part)}"]
        for name, event in EVENT_TYPES.items():
            if event.__module__ == part.__name__:
                lines += _section(name, event)
    return "\n".join([*lines, ""])


def _section(name: str, event: type[Event]) -> list[str]:
    lines = ["", f"### `{name}` (version {VERSIONS[name]})", "", inspect.getdoc(event) or "", ""]
    if name in ROUTES:
        lines += [f"An order: the `{ROUTES[name]}` performer carries it out.", ""]
    if name in LEGAL_MOVES:
        spent = " or ".join(f"`{one}`" for one in LEGAL_MOVES[name])
        lines += [f"Spends {spent}.", ""]
    lines += ["| field | type |", "|---|---|"]
    return [*lines, *(_field_row(field) for field in msgspec.structs.fields(event))]


def _field_row(field: msgspec.structs.FieldInfo) -> str:
    optional = "" if field.required else ", optional"
    return f"| `{field.encode_name}` | {_type_name(field.type)}{optional} |"


def _type_name(kind: Any) -> str:
    words = str(kind) if "[" in str(kind) or "|" in str(kind) else getattr(kind, "__name__", "")
    for prefix in ("schema.events.", "schema.ids.", "schema.posts.", "schema.rules.", "uuid."):
        words = words.replace(prefix, "")
    return (
        words.replace("datetime.datetime", "datetime")
        .replace("|", "or")
        .replace("NoneType", "None")
    )


def _first_line(part: Any) -> str:
    return (inspect.getdoc(part) or part.__name__).splitlines()[0].rstrip(".")
