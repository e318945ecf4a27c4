"""The door of the model: an answer is text for the gates, or it is nothing at all."""

from __future__ import annotations

import json

import pytest

from edge.model.answers import JudgeAnswer, ReplyAnswer, parse
from handlers.writing.gates import refusal
from schema.rules import DraftRules
from tests.bad_input.texts import KEPT, REFUSED

TARGET = "How do you keep the tomatoes alive in the heat of this summer?"
GOOD = "You could water them in the evening, so that the ground is still damp in the morning."


@pytest.mark.parametrize("name", REFUSED)
def test_a_text_that_cannot_be_kept_is_no_answer(name: str) -> None:
    answer = json.dumps({"text": REFUSED[name], "language": "en"})
    assert isinstance(parse(ReplyAnswer, answer), str)


@pytest.mark.parametrize("name", KEPT)
def test_whatever_the_model_says_is_an_answer_or_a_reason(name: str) -> None:
    """As the whole answer, and as the text in one: nothing raises, and a reason is short."""
    for said in (KEPT[name], json.dumps({"text": KEPT[name], "language": "en"})):
        taken = parse(ReplyAnswer, said) if said else "empty"
        assert isinstance(taken, ReplyAnswer) or 0 < len(taken) < 200


DIRTY = [
    "control characters", "byte order mark", "right to left override", "isolates", "zero width",
    "tag characters", "soft hyphen", "javascript link", "role tags", "mention of all",
    "header", "terminal", "line ends", "data link", "handler", "script", "frame", "xml", "format",
    "markdown", "mutation",
]  # fmt: skip


@pytest.mark.parametrize("name", DIRTY)
def test_a_good_text_with_a_dirty_end_is_refused(name: str) -> None:
    assert refusal(f"{GOOD} {KEPT[name]}", TARGET, (), DraftRules()) is not None


@pytest.mark.parametrize("name", ["json", "tool call", "script", "handler", "frame", "format"])
def test_what_is_made_for_a_machine_is_refused_alone(name: str) -> None:
    assert refusal(KEPT[name], TARGET, (), DraftRules()) is not None


def test_the_same_text_without_it_passes() -> None:
    """The sibling of the test above."""
    assert refusal(GOOD, TARGET, (), DraftRules()) is None
    assert refusal(f"{GOOD} [It is 3 < 4, a {{small}} thing.]", TARGET, (), DraftRules()) is None


@pytest.mark.parametrize(
    "extra",
    [
        {"target_post_id": "7"},
        {"permit_id": "1"},
        {"account": "other"},
        {"approve": True},
        {"tool_calls": [{"function": {"name": "click"}}]},
        {"role": "system"},
        {"__class__": "PermitApproved"},
        {"expires_at": "2099-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_an_answer_chooses_text_and_nothing_else(extra: dict[str, object]) -> None:
    judged = {"relevance": 1, "reply_worthiness": 1, "risk": 0, "tier": "A", "why": "w"}
    assert isinstance(parse(JudgeAnswer, json.dumps(judged | extra)), str)
    assert isinstance(parse(ReplyAnswer, json.dumps({"text": GOOD, "language": "en"} | extra)), str)
