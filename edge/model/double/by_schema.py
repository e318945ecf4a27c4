"""A value for any small JSON Schema, within its bounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from edge.model.double.dice import Dice

_WORDS: Final = ("amber", "brook", "cedar", "delta", "ember", "field", "grove", "harbour")
_DEPTH_MAX: Final = 20  # a schema that refers to itself ends here
_SPAN: Final = 10  # how far past one given bound to go where the other is missing


class UnsupportedSchema(ValueError):
    """The schema uses something that the double does not make; simplify the schema."""


def value_for(schema: dict[str, Any], dice: Dice) -> Any:
    """Make a value that fits the schema. Raises `UnsupportedSchema`."""
    return _Maker(schema, dice).value(schema, 0)


class _Maker:
    def __init__(self, root: dict[str, Any], dice: Dice) -> None:
        self._root = root
        self._dice = dice

    def value(self, schema: dict[str, Any], depth: int) -> Any:
        if depth > _DEPTH_MAX:
            raise UnsupportedSchema("the schema is nested too deep")
        match schema:
            case {"const": value}:
                return value
            case {"enum": [*values]} if values:
                return self._dice.pick(values)
            case {"$ref": str(reference)}:
                return self.value(self._referred(reference), depth + 1)
            case {"anyOf": [*ways]} | {"oneOf": [*ways]} if ways:
                return self.value(self._dice.pick(ways), depth + 1)
            case _:
                return self._typed(schema, depth)

    def _typed(self, schema: dict[str, Any], depth: int) -> Any:
        kind = schema.get("type", "string")
        one = self._dice.pick(kind) if isinstance(kind, list) and kind else kind
        match one:
            case "object":
                fields = schema.get("properties", {})
                return {name: self.value(part, depth + 1) for name, part in fields.items()}
            case "array":
                return self._array(schema, depth)
            case str() if one in _PLAIN:
                return _PLAIN[one](schema, self._dice)
            case _:
                raise UnsupportedSchema(f"no value for type {one!r:.80}")

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        low = schema.get("minItems", 0)
        size = self._dice.whole(low, schema.get("maxItems", low + 3))
        return [self.value(schema.get("items", {}), depth + 1) for _ in range(size)]

    def _referred(self, reference: str) -> dict[str, Any]:
        found: Any = self._root
        for step in reference.removeprefix("#").strip("/").split("/"):
            found = found.get(step) if isinstance(found, dict) and step else found
        if not isinstance(found, dict):
            raise UnsupportedSchema(f"nothing at {reference:.80}")
        return found


def _string(schema: dict[str, Any], dice: Dice) -> str:
    low = schema.get("minLength", 0)
    size = dice.whole(low, min(schema.get("maxLength", low + 24), low + 200))
    text = dice.pick(_WORDS)
    while len(text) < size:
        text += " " + dice.pick(_WORDS)
    # A letter in place of a space at the end: a reader may trim the text below its bound.
    return text[:size].rstrip().ljust(size, "e")


def _number(schema: dict[str, Any], dice: Dice) -> float:
    low, high = _bounds(schema)
    if "exclusiveMinimum" in schema or "exclusiveMaximum" in schema:
        return low + (high - low) * (0.25 + dice.share() / 2)
    return dice.between(low, high)


def _integer(schema: dict[str, Any], dice: Dice) -> int:
    return dice.whole(*_whole_bounds(schema))


def _bounds(schema: dict[str, Any]) -> tuple[float, float]:
    low = schema.get("minimum", schema.get("exclusiveMinimum"))
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    if low is None:
        low = 0 if high is None else high - _SPAN
    return low, low + _SPAN if high is None else high


def _whole_bounds(schema: dict[str, Any]) -> tuple[int, int]:
    low, high = _bounds(schema)
    first = math.floor(low) + 1 if schema.get("exclusiveMinimum") == low else math.ceil(low)
    last = math.ceil(high) - 1 if schema.get("exclusiveMaximum") == high else math.floor(high)
    return first, max(first, last)


_PLAIN: Final[Mapping[str, Callable[[dict[str, Any], Dice], Any]]] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": lambda _schema, dice: dice.pick((True, False)),
    "null": lambda _schema, _dice: None,
}
