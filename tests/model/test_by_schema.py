"""The double follows whatever small JSON Schema it is given."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.model.double.by_schema import UnsupportedSchema, value_for
from edge.model.double.dice import Dice

small = st.integers(min_value=-50, max_value=50)
size = st.integers(min_value=0, max_value=5)


@st.composite
def bounded(draw: st.DrawFn, kind: str, low: str, high: str, bound: st.SearchStrategy[int]) -> Any:
    first, width = draw(bound), draw(size)
    bounds = {low: first, high: first + width}
    kept = draw(st.sets(st.sampled_from([low, high])))
    return {"type": kind, **{key: bounds[key] for key in kept}}


LEAVES = st.one_of(
    st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"type": ["string", "null"]}]),
    st.builds(lambda values: {"enum": values}, st.lists(st.integers() | st.text(), min_size=1)),
    st.builds(lambda value: {"const": value}, st.text()),
    bounded("string", "minLength", "maxLength", size),
    bounded("integer", "minimum", "maximum", small),
    bounded("number", "minimum", "maximum", small),
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    arrays = st.builds(
        lambda items, low: {"type": "array", "items": items, "minItems": low, "maxItems": low + 2},
        inner,
        size,
    )
    ways = st.builds(lambda ways: {"anyOf": ways}, st.lists(inner, min_size=1, max_size=3))
    objects = st.builds(
        lambda fields: {"type": "object", "properties": fields, "required": list(fields)},
        st.dictionaries(st.text(), inner, max_size=4),
    )
    return arrays | ways | objects


def fits(schema: dict[str, Any], value: Any) -> bool:
    """Read JSON Schema a second time, as small as the schemas above."""
    match schema:
        case {"const": wanted}:
            return bool(value == wanted)
        case {"enum": wanted}:
            return value in wanted
        case {"anyOf": ways}:
            return any(fits(way, value) for way in ways)
        case {"type": [*kinds]}:
            return any(fits({"type": kind}, value) for kind in kinds)
        case _:
            return FITS[schema["type"]](schema, value)


def within(low: str, high: str, schema: dict[str, Any], found: float) -> bool:
    return bool(schema.get(low, -(10**9)) <= found <= schema.get(high, 10**9))


def array_fits(schema: dict[str, Any], value: Any) -> bool:
    sized = isinstance(value, list) and within("minItems", "maxItems", schema, len(value))
    return sized and all(fits(schema["items"], part) for part in value)


def object_fits(schema: dict[str, Any], value: Any) -> bool:
    fields = schema["properties"]
    named = isinstance(value, dict) and set(value) == set(fields)
    return named and all(fits(fields[key], value[key]) for key in fields)


FITS: dict[str, Callable[[dict[str, Any], Any], bool]] = {
    "null": lambda _, v: v is None,
    "boolean": lambda _, v: isinstance(v, bool),
    "string": lambda s, v: isinstance(v, str) and within("minLength", "maxLength", s, len(v)),
    "integer": lambda s, v: type(v) is int and within("minimum", "maximum", s, v),
    "number": lambda s, v: type(v) in {int, float} and within("minimum", "maximum", s, v),
    "array": array_fits,
    "object": object_fits,
}


@given(st.recursive(LEAVES, _nested, max_leaves=6), st.integers())
def test_a_value_fits_its_schema(schema: dict[str, Any], seed: int) -> None:
    assert fits(schema, value_for(schema, Dice(seed)))


@given(st.recursive(LEAVES, _nested, max_leaves=6), st.integers())
def test_the_same_seed_makes_the_same_value(schema: dict[str, Any], seed: int) -> None:
    assert value_for(schema, Dice(seed)) == value_for(schema, Dice(seed))


def test_a_value_that_does_not_fit_would_be_noticed() -> None:
    assert not fits({"type": "integer", "minimum": 1}, 0)
    assert not fits({"type": "object", "properties": {"a": {"type": "null"}}}, {"b": None})


def test_exclusive_bounds_are_outside() -> None:
    between = {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5}

    assert {value_for(between, Dice(seed)) for seed in range(20)} == {4}


def test_a_reference_is_followed_to_its_definition() -> None:
    schema = {"$ref": "#/$defs/name", "$defs": {"name": {"const": "ada"}}}

    assert value_for(schema, Dice(0)) == "ada"


@pytest.mark.parametrize(
    "schema", [{"type": "date"}, {"$ref": "#"}, {"$ref": "#/$defs/nowhere"}, {"type": 3}]
)
def test_a_schema_beyond_it_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedSchema):
        value_for(schema, Dice(0))
