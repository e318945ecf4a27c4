"""The cheap filters: each refuses by its reason, the first one counts."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.finding.filters import refusal
from schema.rules import EvaluateRules, Rules
from tests.handlers.facts import hours, minutes, post
from tests.handlers.given import NOON

RULES = Rules(
    handle="me",
    evaluate=EvaluateRules(blocked_authors=("troll",), reach_min=2, length_max=200),
)
GERMAN = "Wie bekommt man die Tomaten durch den Sommer, wenn es so heiß ist?"
FRENCH = "Comment gardez-vous vos tomates en vie par cette chaleur terrible en juillet ?"


def why(**changes: Any) -> str | None:
    return refusal(post(1, **changes), RULES, NOON)


def test_an_ordinary_post_passes() -> None:
    assert why() is None


def test_both_languages_of_the_rules_pass() -> None:
    assert why(title="", text=GERMAN) is None


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("not_root", {"is_root": False}),
        ("not_root", {"in_reply_to": "p0"}),
        ("own_post", {"author": "me"}),
        ("own_post", {"author": "Me"}),
        ("author_blocked", {"author": "troll"}),
        ("author_blocked", {"author": "TROLL"}),
        ("no_text", {"text": " \n"}),
        ("too_short", {"title": "", "text": "Too short."}),
        ("too_long", {"text": "how do you do this " * 20}),
        ("from_the_future", {"posted_at": NOON + minutes(11)}),
        ("too_old", {"posted_at": NOON - hours(24 * 14 + 1)}),
        ("too_little_reach", {"likes": 1}),
        ("language", {"title": "", "text": FRENCH}),
    ],
)
def test_a_post_is_refused_as(reason: str, changes: dict[str, Any]) -> None:
    assert why(**changes) == reason


def test_the_first_failing_filter_names_the_reason() -> None:
    assert why(is_root=False, author="me", text="") == "not_root"


def test_a_post_without_a_time_is_neither_old_nor_new() -> None:
    assert why(posted_at=None) is None


def test_any_one_count_is_reach_enough() -> None:
    assert why(likes=0, views=2) is None
