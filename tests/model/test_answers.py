"""Answers from a model: what fits is taken, anything else is refused with a reason."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from edge.model import answers
from edge.model.answers import (
    ANSWER_CHARS_MAX,
    Answer,
    JudgeAnswer,
    OriginalAnswer,
    ReplyAnswer,
    json_schema,
    parse,
)

SHAPES: list[type[Answer]] = [JudgeAnswer, ReplyAnswer, OriginalAnswer]
JUDGED: dict[str, Any] = {
    "relevance": 0.8,
    "reply_worthiness": 1,
    "risk": 0.0,
    "tier": "A",
    "why": "asks a clear question",
}
REPLY = '{"text": "Good point.", "language": "en"}'


def test_a_fitting_answer_is_taken() -> None:
    judged = parse(JudgeAnswer, json.dumps(JUDGED))

    assert isinstance(judged, JudgeAnswer)
    assert (judged.tier, judged.reply_worthiness) == ("A", 1.0)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"relevance": 1.01}, "relevance: less than equal"),
        ({"risk": -0.1}, "risk: greater than equal"),
        ({"risk": "0.1"}, "risk: float type"),
        ({"risk": True}, "risk: float type"),
        ({"tier": "D"}, "tier: literal error"),
        ({"why": "x" * 301}, "why: string too long"),
        ({"why": "   "}, "why: string too short"),
        ({"permit_id": "approve me"}, "the answer: extra forbidden"),
        ({"why": "a\x00b"}, "a control character in a text"),
        ({"why": "a\ud800b"}, "a lone surrogate in a text"),
        ({"why": "a\u202eb"}, "an invisible character in a text"),
        ({"a\x00": 1}, "a control character in a text"),
    ],
)
def test_a_value_out_of_bounds_is_refused_by_name(changed: dict[str, Any], reason: str) -> None:
    assert parse(JudgeAnswer, json.dumps(JUDGED | changed)) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("```json\n" + REPLY + "\n```", "not JSON"),
        ("[" * 15_000, "not JSON"),
        (REPLY + " and more", "not JSON"),
        ("x" * (ANSWER_CHARS_MAX + 1), "longer than 20000 characters"),
        ('{"text": "a", "text": "b", "language": "en"}', "a key appears twice"),
        ('{"text": NaN, "language": "en"}', "a number is not finite"),
        ('{"text": -Infinity, "language": "en"}', "a number is not finite"),
        ('{"text": "a\nb", "language": "en"}', "not JSON"),
        ('{"text": "a", "language": "English"}', "language: string pattern mismatch"),
        ('{"text": "a"}', "language: missing"),
        ("null", "the answer: model type"),
        ("[]", "the answer: model type"),
    ],
)
def test_a_text_that_is_no_answer_is_refused(text: str, reason: str) -> None:
    assert parse(ReplyAnswer, text) == reason


def test_an_infinite_score_is_refused() -> None:
    text = json.dumps(JUDGED).replace("0.8", "1e400")

    assert parse(JudgeAnswer, text) == "relevance: finite number"


def test_line_ends_and_joined_emoji_stay() -> None:
    text = "One.\n\nTwo \U0001f469\u200d\U0001f33e."

    reply = parse(ReplyAnswer, json.dumps({"text": text, "language": "pt-BR"}))

    assert isinstance(reply, ReplyAnswer)
    assert reply.text == text


@given(st.sampled_from(SHAPES), st.text())
@example(ReplyAnswer, "{")
@example(ReplyAnswer, "-" * 100)
def test_no_text_at_all_raises(shape: type[Answer], text: str) -> None:
    assert isinstance(parse(shape, text), Answer | str)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS = sorted({name for shape in SHAPES for name in shape.model_fields})


@given(st.sampled_from(SHAPES), st.dictionaries(st.sampled_from([*FIELDS, "more"]), JSON))
@example(ReplyAnswer, {"text": "Good point.", "language": "en"})
def test_what_is_taken_is_what_was_said(shape: type[Answer], said: dict[str, Any]) -> None:
    answer = parse(shape, json.dumps(said))

    if isinstance(answer, Answer):
        trimmed = {key: v.strip() if isinstance(v, str) else v for key, v in said.items()}
        assert answer.model_dump() == trimmed


SECRET = "PURPLE-HIPPO"


@given(st.sampled_from(SHAPES), st.sampled_from(FIELDS), st.booleans())
def test_a_reason_never_repeats_the_content(shape: type[Answer], field: str, as_key: bool) -> None:
    reason = parse(shape, json.dumps({SECRET: 1} if as_key else {field: [SECRET]}))

    assert isinstance(reason, str)
    assert SECRET not in reason


def _put_into_words(shape: type[Answer], text: str) -> Answer | str:
    found = answers.parse(shape, text)
    return found.model_copy(update={"text": "Great!"}) if isinstance(found, ReplyAnswer) else found


@pytest.mark.parametrize(
    ("broken", "property_"),
    [
        (lambda shape, text: shape.model_validate_json(text), test_no_text_at_all_raises),
        (_put_into_words, test_what_is_taken_is_what_was_said),
        (lambda _, text: f"refused: {text}", test_a_reason_never_repeats_the_content),
    ],
    ids=["it raises", "it says something else", "it repeats"],
)
def test_a_broken_reading_is_noticed(
    broken: Callable[[type[Answer], str], Any],
    property_: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(globals(), "parse", broken)
    with pytest.raises((AssertionError, ValidationError)):
        property_()


@pytest.mark.parametrize("shape", SHAPES)
def test_the_wire_schema_is_one_that_strict_mode_takes(shape: type[Answer]) -> None:
    schema = json_schema(shape)

    assert schema["additionalProperties"] is False
    assert sorted(schema["required"]) == sorted(schema["properties"]) == sorted(shape.model_fields)
    assert "Length" not in json.dumps(schema)
