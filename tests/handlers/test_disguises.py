"""The gates against texts that are read otherwise than they are written."""

from __future__ import annotations

import pytest

from handlers.writing.gates import poor_quality
from schema.rules import DraftRules
from tests.handlers.facts import TEXT

RULES = DraftRules(banned_words=("Crypto", "Straße", "🚀"))


def why(text: str) -> str | None:
    return poor_quality(f"{TEXT} {text}", TEXT, RULES)


@pytest.mark.parametrize(
    "word",
    [
        "crypto",
        "\u0441rypto",  # Cyrillic es
        "\u0441rypt\u043e",
        "CRYPT\u039f",  # Greek capital omicron
        "\uff23\uff32\uff39\uff30\uff34\uff2f",  # full width
        "\U0001d41c\U0001d42b\U0001d432\U0001d429\U0001d42d\U0001d428",  # mathematical bold
        "cr\u0335yp\u0336to",  # struck through
        "STRASSE",
        "\U0001f680",
    ],
)
def test_a_banned_word_in_other_letters_is_banned(word: str) -> None:
    said = why(f"Think of {word}.")
    assert said is not None
    assert said.startswith("banned word")


@pytest.mark.parametrize(
    "hidden",
    [
        "cr\u034fypto",
        "cr\ufe0fypto",
        "cr\u3164ypto",
        "cr\u115fypto",
        "cr\u2800ypto",
        "fine\U000e0100\U000e0155\U000e01ef",
        "cr\u200bypto",
    ],
)
def test_what_cannot_be_seen_is_refused(hidden: str) -> None:
    assert why(hidden) == "control or invisible characters"


@pytest.mark.parametrize(
    "link",
    [
        "https://a.test",
        "evil.ru",
        "t.me/somebody",
        "bit.ly/3abc",
        "evil\uff0ecom",
        "evil\u3002com",
        "evil\u2024xyz",
        "\uff48ttps://a",
        "203.0.113.9",
    ],
)
def test_an_address_is_a_link_however_it_is_written(link: str) -> None:
    assert why(f"See {link} there") == "a link"


@pytest.mark.parametrize("named", ["@somebody", "\uff20somebody", "a@somebody", "say:@somebody"])
def test_a_name_after_the_sign_is_a_mention_wherever_it_stands(named: str) -> None:
    assert why(named) == "a mention"


@pytest.mark.parametrize(
    "formatted",
    [
        "**Water** them",
        "5 * 3 * 2",
        "a `word`",
        "so _under_ it",
        "__init__",
        "a~~b~~",
        "a \\* b",
        "a \\_ b",
        "<tel:5>",
        "Salt &amp; water",
        "a &#42; b",
        "nice :smile: one",
        "yes :+1: yes",
        "full :100: points",
        "then\n1. first\n2. second",
        "then\n- one\n- two",
        "then\n# Title",
        "then\n> said",
        "then\n---\nmore",
        "a | b\n--|--\n1 | 2",
        "so[^1]",
        "then\n[a]: b",
        "[poll name=a]",
    ],
)
def test_what_a_site_would_carry_out_is_markup(formatted: str) -> None:
    assert why(formatted) == "markup"


@pytest.mark.parametrize(
    "plain",
    [
        "I \u2764\ufe0f it \U0001f44d\U0001f3fd, 1\ufe0f\u20e3 thing",
        "It is 3 < 4 & 5 > 2, 6 * 7 = 42.",
        "From 9:00-17:30, at 10:30:45, in a 2:1 mix.",
        "Ask for my_own_file or C:\\temp, #1 of [them] (really) ~5 times.",
        "It was -5 degrees, 1. of May; e.g. and/or i.e. Node.js, version 1.2.3.",
        "Стоп, это Ελληνικά. 10 µm and 5 kΩ.",
        "Bäume & café \u2013 „so“ …",
    ],
)
def test_plain_words_pass(plain: str) -> None:
    """The sibling of all of the above."""
    assert why(plain) is None
