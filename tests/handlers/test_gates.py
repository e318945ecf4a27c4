"""The gates: what a text must be before it may carry our name."""

from __future__ import annotations

import pytest

from handlers.language import UNKNOWN, language_of
from handlers.writing.gates import opening, refusal
from schema.events.drafting import Gate
from schema.rules import DraftRules
from tests.handlers.facts import OTHER_TEXT, TEXT

TARGET = "How do you keep the tomatoes alive in the heat of this summer?"
GERMAN = "Ich gieße sie am Abend, das ist für die Pflanzen besser als in der Sonne."
RULES = DraftRules(banned_words=("Crypto",), length_max=200)


def gate(text: str, *remembered: str, rules: DraftRules = RULES) -> Gate | None:
    refused = refusal(text, TARGET, remembered, rules)
    return None if refused is None else refused.gate


def test_a_good_text_passes_every_gate() -> None:
    assert gate(TEXT, OTHER_TEXT) is None


@pytest.mark.parametrize(
    "text",
    [
        "Too short for us.",
        "You could do this in the evening. " * 8,
        f"{TEXT} Buy cryptocurrency!",
        f"{TEXT} See https://example.test",
        f"{TEXT} See www.example.test",
        f"{TEXT} See example.com",
        f"{TEXT} Right, @somebody?",
        f"As an AI, {TEXT}",
        f"{TEXT} <|end|>",
        "I'm sorry, but I can't assist with that request about the tomatoes.",
        "I am unable to provide a reply to the post that was shown to me.",
        "Das tut mir leid, ich kann dieser Bitte leider nicht nachkommen.",
        f"{TEXT}\u200b\u202e",
        f"{TEXT}\x07",
        GERMAN,
    ],
)
def test_poor_quality_is_refused(text: str) -> None:
    assert gate(text) is Gate.QUALITY


def test_links_and_mentions_pass_where_the_rules_allow_them() -> None:
    free = DraftRules(links_allowed=True, mentions_allowed=True)
    assert gate(f"{TEXT} https://example.test @somebody", rules=free) is None


def test_a_helpless_turn_of_phrase_is_no_refusal() -> None:
    assert gate("I can't help but ask: do you water them in the evening or at noon?") is None


def test_a_sign_without_a_name_is_no_mention() -> None:
    assert gate(f"{TEXT} I paid 3 @ 2 each.") is None


def test_a_text_in_no_known_language_passes_the_language_check() -> None:
    assert language_of("Lorem ipsum dolor sit amet, consectetur adipiscing.") == UNKNOWN
    assert gate("Lorem ipsum dolor sit amet, consectetur adipiscing.") is None


def test_a_near_duplicate_is_refused_whatever_its_whitespace() -> None:
    assert gate(TEXT.replace(" ", "  "), TEXT, OTHER_TEXT) is Gate.UNIQUENESS


def test_the_same_opening_twice_running_is_refused() -> None:
    other = "You could try a bigger pot, with more room for the roots and some shade at noon."
    assert opening(other) == opening(TEXT)
    assert gate(other, TEXT) is Gate.ROTATION
    assert gate(other, TEXT, OTHER_TEXT) is None


def test_the_first_gate_that_refuses_counts() -> None:
    linked = f"{TEXT} https://example.test"
    assert gate(linked, linked) is Gate.QUALITY
    assert gate(TEXT, TEXT) is Gate.UNIQUENESS
