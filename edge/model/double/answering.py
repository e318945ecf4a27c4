"""What the double answers to a request that it means to answer well."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from edge.model.double.asked import Asked
from edge.model.double.by_schema import value_for
from edge.model.double.dice import Dice
from edge.model.double.judging import judged
from edge.model.double.wording import original, replied

_Answerer = Callable[[Asked, Dice], dict[str, Any]]

# By the fields of the shape that is asked for: a shape that we do not know gets generic values.
_ANSWERERS: Final[Mapping[frozenset[str], _Answerer]] = {
    frozenset({"relevance", "reply_worthiness", "risk", "tier", "why"}): judged,
    frozenset({"text", "language"}): replied,
    frozenset({"title", "text", "topic"}): original,
}


def digest_of(asked: Asked, seed: int) -> str:
    """Give the SHA-256 of everything an answer depends on."""
    parts = [
        seed,
        asked.limits.get("seed"),
        asked.system,
        asked.user,
        asked.schema_name,
        asked.schema,
    ]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def content_for(asked: Asked, digest: str) -> str:
    """Give the answer's content as JSON text. Raises `UnsupportedSchema`."""
    answerer = _ANSWERERS.get(frozenset(asked.schema.get("properties", {})))
    dice = Dice(digest)
    made = answerer(asked, dice) if answerer else value_for(asked.schema, dice)
    return json.dumps(made, ensure_ascii=False)
