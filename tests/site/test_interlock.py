"""The text in a writing request's body is found exactly, or not at all."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.browser import interlock
from edge.browser.interlock import body_text, line_ends
from edge.sites.parts import Request

FORM = Request(path="/x/", field="comment")
JSON = Request(path="/x/", field="comment", encoding="json")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
@example("two\nlines")
def test_a_form_gives_back_the_text_it_carries(text: str) -> None:
    sent = line_ends(text).replace("\n", "\r\n")
    body = urlencode({"csrf": "t", "comment": sent, "hash": ""}).encode()
    assert body_text(FORM, body) == line_ends(text)


def test_a_reading_that_keeps_a_forms_line_ends_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interlock, "line_ends", lambda text: text)
    with pytest.raises(AssertionError):
        test_a_form_gives_back_the_text_it_carries()


@pytest.mark.parametrize(
    "body",
    [b"", b"comment", b"other=1", b"comment=a&comment=b", b"\xff=\xff", b"comment=%FF", b"&" * 900],
)
def test_a_form_without_exactly_one_readable_text_gives_none(body: bytes) -> None:
    assert body_text(FORM, body) is None


def test_json_gives_back_the_text_it_carries() -> None:
    assert body_text(JSON, b'{"comment": "a\\nb"}') == "a\nb"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"comment": 1}', b"{}"])
def test_json_without_the_text_gives_none(body: bytes) -> None:
    assert body_text(JSON, body) is None


ORIGINAL = Request(path="/new/", field="comment", title_field="title", fixed={"category": "2"})


def test_a_title_is_read_before_its_body() -> None:
    assert body_text(ORIGINAL, b"title=A&category=2&comment=B%0D%0Ac") == "A\n\nB\nc"


@pytest.mark.parametrize(
    "body",
    [
        *(b"category=2&comment=B", b"title=A&category=2", b"title=A&comment=B"),
        *(b"title=A&category=3&comment=B", b"title=A&title=A&category=2&comment=B"),
    ],
)
def test_an_original_that_lacks_something_has_no_text(body: bytes) -> None:
    assert body_text(ORIGINAL, body) is None
