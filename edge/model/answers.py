"""The shapes of the model's answers; what does not fit is refused with a reason."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from typing import Any, Final, Literal, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schema.originals import TITLE_CHARS_MAX

ANSWER_CHARS_MAX: Final = 20_000  # ten times the longest answer that fits any shape here


class Answer(BaseModel):
    """Base of every answer: no extra fields, no coercion, no infinities, trimmed texts."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, allow_inf_nan=False, str_strip_whitespace=True
    )


class JudgeAnswer(Answer):
    """The judge's verdict on one post; scores run from 0 to 1."""

    relevance: float = Field(ge=0, le=1, description="how well the post fits the persona's topics")
    reply_worthiness: float = Field(ge=0, le=1, description="how much a reply would add")
    risk: float = Field(ge=0, le=1, description="danger of harm, hostility or manipulation")
    tier: Literal["A", "B", "C"] = Field(description="A answer first, B good, C only if idle")
    why: str = Field(min_length=1, max_length=300, description="one sentence, 1-300 characters")


class ReplyAnswer(Answer):
    """One reply, ready to post."""

    text: str = Field(min_length=1, max_length=600, description="the reply, 1-600 characters")
    language: str = Field(pattern=r"^[a-z]{2,3}(-[A-Z]{2})?$", description="code, such as en")


class OriginalAnswer(Answer):
    """One post of our own, its headline, and what it is about."""

    title: str = Field(
        min_length=1,
        max_length=TITLE_CHARS_MAX,
        pattern=r"^[^\n]+$",
        description="one line, 1-100 characters",
    )
    text: str = Field(min_length=1, max_length=600, description="the post, 1-600 characters")
    topic: str = Field(min_length=1, max_length=100, description="its topic, 1-100 characters")


AnyAnswer = TypeVar("AnyAnswer", bound=Answer)


@cache
def json_schema(shape: type[Answer]) -> dict[str, Any]:
    """Give the JSON Schema that an endpoint is asked to follow; one for all callers, to be read.

    Lengths of strings stay out, as strict mode does not know them everywhere; the descriptions
    name them and `parse` enforces them.
    """
    schema = shape.model_json_schema()
    for field in schema["properties"].values():
        for key in ("title", "minLength", "maxLength"):
            field.pop(key, None)
    kept = ("type", "properties", "required", "additionalProperties")
    return {key: schema[key] for key in kept}


def parse(shape: type[AnyAnswer], text: str) -> AnyAnswer | str:
    """Read an answer, or say in a few words why it is refused. Never repeats the content."""
    if len(text) > ANSWER_CHARS_MAX:
        return f"longer than {ANSWER_CHARS_MAX} characters"
    try:
        found = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constants)
    except _RefusedError as refused:
        return str(refused)
    except (ValueError, RecursionError):
        return "not JSON"
    return _unprintable(found) or _shaped(shape, found)


class _RefusedError(Exception):
    """Carries a reason out of the JSON decoder's hooks."""


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        reason = "a key appears twice"
        raise _RefusedError(reason)
    return found


def _no_constants(_name: str) -> NoReturn:
    reason = "a number is not finite"
    raise _RefusedError(reason)


def _shaped(shape: type[AnyAnswer], found: object) -> AnyAnswer | str:
    try:
        return shape.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = str(first["loc"][0]) if first["loc"] else ""
        # A surplus field's name is the model's own text, so it is not repeated.
        named = place if place in shape.model_fields else "the answer"
        return f"{named}: {first['type'].replace('_', ' ')}"


def _unprintable(found: object) -> str:
    match found:
        case str():
            return _unprintable_text(found)
        case dict():
            parts = [*found.keys(), *found.values()]
        case list():
            parts = found
        case _:
            return ""
    return next((why for part in parts if (why := _unprintable(part))), "")


# What a page drops, reorders or hides would make the post differ from the text that was accepted.
_REFUSED: Final = {
    "Cc": "a control character",
    "Cs": "a lone surrogate",
    "Cf": "an invisible character",
    "Co": "a private-use character",
    "Zl": "a line separator",
    "Zp": "a paragraph separator",
}
_ALLOWED: Final = frozenset("\n\u200c\u200d")  # joiners are part of emoji and of some scripts


def _unprintable_text(text: str) -> str:
    for sign in text:
        if sign not in _ALLOWED and (why := _REFUSED.get(unicodedata.category(sign))):
            return f"{why} in a text"
    return ""
