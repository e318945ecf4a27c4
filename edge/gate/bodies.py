"""The one text in a request's body, found exactly or not at all.

Written apart from the browser's own interlock on purpose: two layers that share their reading of
a body share its mistakes.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal
from urllib.parse import parse_qsl

FIELDS_MAX = 200
TYPES = {"form": "application/x-www-form-urlencoded", "json": "application/json"}
Encoding = Literal["form", "json"]


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text whose line ends are line feeds, in hexadecimal."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(plain.encode()).hexdigest()


def body_hash(body: bytes) -> str:
    """Return the SHA-256 of a body as it is sent, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def field_in(encoding: Encoding, content_type: str, body: bytes, field: str) -> str | None:
    """Return the field's one value; None if the body is of another type, unclear or without it."""
    if content_type.partition(";")[0].strip().lower() != TYPES[encoding]:
        return None
    try:
        pairs = _json_pairs(body) if encoding == "json" else _form_pairs(body)
    except (ValueError, RecursionError):
        return None
    values = [value for name, value in pairs if name == field]
    return values[0] if len(values) == 1 and isinstance(values[0], str) else None


def _form_pairs(body: bytes) -> list[tuple[str, Any]]:
    text = body.decode("ascii")
    return list(
        parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=FIELDS_MAX,
        )
    )


def _json_pairs(body: bytes) -> list[tuple[str, Any]]:
    # A pair list keeps a key that stands twice, of which every parser may choose another one.
    outermost = json.loads(body, object_pairs_hook=_Pairs)
    if not isinstance(outermost, _Pairs):
        raise ValueError("not an object")  # noqa: TRY004  the caller catches one kind
    return outermost


class _Pairs(list[tuple[str, Any]]):
    """A JSON object's members in their order."""
