"""What was asked of the double: the request's texts, quoted data and wanted shape."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

_LIMITS: Final = ("max_tokens", "max_completion_tokens", "temperature", "top_p", "seed")
_SLOT: Final = re.compile(r'<data name="(\w+)">\n(.*?)\n</data>', re.DOTALL)


@dataclass(frozen=True)
class Asked:
    """One request, read; `slots` are the quoted texts by name, `limits` how to sample."""

    model: str
    system: str
    user: str
    schema_name: str
    schema: dict[str, Any]
    limits: dict[str, Any] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)

    def setting(self, pattern: str) -> str:
        """Give the first group of a pattern in the system text, "" where it is not there."""
        found = re.search(pattern, self.system)
        return found[1] if found else ""


def read_asked(body: object) -> Asked:
    """Read a request's body. Raises `ValueError` with what is wrong."""
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        raise ValueError("the body is no object with messages")  # noqa: TRY004 - one kind for all
    if body.get("stream"):
        raise ValueError("the double does not stream: send stream=false")
    name, schema = _shape(body.get("response_format"))
    user = _said(body["messages"], "user")
    return Asked(
        model=str(body.get("model", ""))[:100],
        system=_said(body["messages"], "system"),
        user=user,
        schema_name=name,
        schema=schema,
        limits={name: body[name] for name in _LIMITS if name in body},
        slots=dict(_SLOT.findall(user)),
    )


def _said(messages: list[Any], role: str) -> str:
    said = [part for part in messages if isinstance(part, dict) and part.get("role") == role]
    return "\n".join(str(part.get("content", "")) for part in said)


def _shape(response_format: object) -> tuple[str, dict[str, Any]]:
    match response_format:
        case {"type": "json_schema", "json_schema": {"name": str(name), "schema": dict(schema)}}:
            return name, schema
        case _:
            return "", {"type": "object", "properties": {"text": {"type": "string"}}}
