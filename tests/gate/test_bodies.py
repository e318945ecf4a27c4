"""The text in a body is found when there is one reading of it, and not at all otherwise."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.gate import bodies
from edge.gate.bodies import TYPES, field_in

FORM, JSON = TYPES["form"], TYPES["json"]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_form_gives_back_what_it_carries(text: str) -> None:
    body = urlencode({"csrf": "t", "comment": text}).encode()
    assert field_in("form", f"{FORM}; charset=UTF-8", body, "comment") == text


def test_a_reading_that_loses_empty_fields_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = bodies._form_pairs
    monkeypatch.setattr(bodies, "_form_pairs", lambda body: [one for one in whole(body) if one[1]])
    with pytest.raises(AssertionError):
        test_a_form_gives_back_what_it_carries()


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("text/plain", b"comment=a"),
        ("", b"comment=a"),
        (FORM, b"comment=a&comment=a"),
        (FORM, b"comment=a&Comment"),
        (FORM, b"comment=%FF"),
        (FORM, b"comment=\xc3\xa4"),
        (FORM, b"&" * 900),
        (FORM, b""),
    ],
)
def test_an_unclear_form_gives_nothing(kind: str, body: bytes) -> None:
    assert field_in("form", kind, body, "comment") is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"comment": "a", "comment": "a"}',
        b'[["comment", "a"]]',
        b'{"comment": 1}',
        b'{"other": {"comment": "a"}}',
        b"{",
        b"[" * 100_000,
        b"\xff",
    ],
)
def test_unclear_json_gives_nothing(body: bytes) -> None:
    assert field_in("json", JSON, body, "comment") is None


def test_json_gives_back_what_it_carries() -> None:
    assert field_in("json", JSON, b'{"comment": "a\\nb", "x": [1]}', "comment") == "a\nb"
