"""The one text in a request's body, found exactly or not at all.

Written apart from the browser's own interlock on purpose: two layers that share their reading of
a body share its mistakes.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, Literal
from urllib.parse import parse_qsl

FIELDS_MAX = 200
TYPES = {"form": "application/x-www-form-urlencoded", "json": "application/json"}
Encoding = Literal["form", "json"]
CHARSETS = frozenset({"", "charset=utf-8", 'charset="utf-8"'})
WRITTEN = re.compile(r"(?:[!-$&-:<-~]|%[0-9A-Fa-f]{2})*")
"""What browsers write in a form. Not `;`, which some servers take for `&`, nor `%u0063`."""


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text whose line ends are line feeds, in hexadecimal."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return hashlib.sha256(plain.encode()).hexdigest()


def body_hash(body: bytes) -> str:
    """Return the SHA-256 of a body as it is sent, in hexadecimal."""
    return hashlib.sha256(body).hexdigest()


def field_in(encoding: Encoding, content_type: str, body: bytes, field: str) -> str | None:
    """Return the field's one value; None if the body is of another type, unclear or without it.

    A second field whose name some server may take for this one makes it unclear.
    """
    alike = _alike(encoding, content_type, body, field)
    if len(alike) != 1 or alike[0][0] != field or not _is_text(alike[0][1]):
        return None
    return str(alike[0][1])


def names(encoding: Encoding, content_type: str, body: bytes, field: str) -> bool:
    """Say whether a body that can be read has a field that some server may take for this one."""
    return bool(_alike(encoding, content_type, body, field))


def _alike(encoding: Encoding, content_type: str, body: bytes, field: str) -> list[tuple[str, Any]]:
    kind, _, charset = content_type.partition(";")
    if kind.strip().lower() != TYPES[encoding] or charset.strip().lower() not in CHARSETS:
        return []
    try:
        pairs = _json_pairs(body) if encoding == "json" else _form_pairs(body)
    except (ValueError, RecursionError):
        return []
    meant = _laxly(field)
    return [(name, value) for name, value in pairs if _overlap(_laxly(name), meant)]


def _laxly(name: str) -> str:
    """Return a name as a server reads it that cuts at NUL, trims, and knows no case."""
    return re.sub(r"[ .]", "_", name.partition("\0")[0].strip()).casefold()


def _overlap(one: str, other: str) -> bool:
    """Say whether two names are the same variable or one is a part of the other: `a` and `a[b]`."""
    return one == other or one.startswith(f"{other}[") or other.startswith(f"{one}[")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and not any("\ud800" <= one <= "\udfff" for one in value)


def _form_pairs(body: bytes) -> list[tuple[str, Any]]:
    text = body.decode("ascii")
    if not WRITTEN.fullmatch(text):
        raise ValueError("not written as a browser writes a form")
    pairs = parse_qsl(
        text,
        keep_blank_values=True,
        strict_parsing=True,
        errors="strict",
        max_num_fields=FIELDS_MAX,
    )
    if any(name == "_charset_" and value.lower() != "utf-8" for name, value in pairs):
        raise ValueError("a form that says to be read otherwise")
    return list(pairs)


def _json_pairs(body: bytes) -> list[tuple[str, Any]]:
    # A pair list keeps a key that stands twice, of which every parser may choose another one.
    outermost = json.loads(body.decode(), object_pairs_hook=_Pairs)
    if not isinstance(outermost, _Pairs):
        raise ValueError("not an object")  # noqa: TRY004  the caller catches one kind
    return outermost


class _Pairs(list[tuple[str, Any]]):
    """A JSON object's members in their order."""
