"""Of any requests in any order, a token lets out at most one, and only the one it was made for."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from edge.gate.bodies import body_hash, text_hash
from edge.gate.tokens import Outgoing, Role, Terms, Tokens, misfit

FORM = "application/x-www-form-urlencoded"
DEADLINE_S = 10.0
MEANT = Outgoing("POST", "http://site/post", FORM, b"comment=hello&token=1")

# Few values, so that histories collide: about every other request is the one that is meant.
requests = st.one_of(
    st.just(MEANT),
    st.builds(
        Outgoing,
        st.sampled_from(["POST", "PUT"]),
        st.sampled_from(["http://site/post", "http://site/post2", "http://site/"]),
        st.sampled_from([FORM, "text/plain"]),
        st.sampled_from([b"comment=hello", b"comment=other", b"comment=hello&comment=hello", b""]),
    ),
)
steps = st.lists(
    st.tuples(st.sampled_from(list(Role)), requests, st.sampled_from([0.0, 9.9, 10.0, 11.0])),
    max_size=12,
)
Steps = Sequence[tuple[Role, Outgoing, float]]


def terms(permit_id: str = "permit") -> Terms:
    return Terms(
        permit_id=permit_id,
        method="POST",
        url_pattern="http://site/post",
        deadline_s=DEADLINE_S,
        field="comment",
        text_sha256=text_hash("hello"),
    )


def is_meant(role: Role, outgoing: Outgoing, now_s: float) -> bool:
    """Say the same as the matcher does, in other words."""
    return (
        role is Role.POSTER
        and now_s < DEADLINE_S
        and (outgoing.method, outgoing.url) == ("POST", "http://site/post")
        and outgoing.content_type == FORM
        and outgoing.body in (MEANT.body, b"comment=hello")
    )


def keeps_its_promise(tokens: Tokens, history: Steps) -> bool:
    tokens.arm(terms())
    out = [step for step in history if isinstance(tokens.take(*step), Terms)]
    meant = [step for step in history if is_meant(*step)]
    return out == meant[:1]


class NeverSpent(Tokens):
    """Broken: a taken token is still there."""

    def take(self, role: Role, outgoing: Outgoing, now_s: float) -> Terms | str:
        taken = super().take(role, outgoing, now_s)
        if isinstance(taken, Terms):
            self.arm(taken)
        return taken


class ForEverybody(Tokens):
    """Broken: a reader may take the poster's token."""

    def take(self, role: Role, outgoing: Outgoing, now_s: float) -> Terms | str:
        return super().take(Role.POSTER, outgoing, now_s)


class ForEver(Tokens):
    """Broken: no deadline."""

    def take(self, role: Role, outgoing: Outgoing, now_s: float) -> Terms | str:
        return super().take(role, outgoing, 0.0)


@given(steps)
def test_a_token_lets_out_the_first_request_that_is_meant_and_no_other(history: Steps) -> None:
    assert keeps_its_promise(Tokens(), history)


@pytest.mark.parametrize("broken", [NeverSpent, ForEverybody, ForEver])
def test_the_property_notices_a_broken_token(broken: type[Tokens]) -> None:
    try:
        find(steps, lambda history: not keeps_its_promise(broken(), history))
    except NoSuchExample:
        pytest.fail(f"{broken.__name__} was not noticed")


def test_a_whole_body_can_be_meant() -> None:
    whole = Terms(
        permit_id="p",
        method="POST",
        url_pattern="http://site/post",
        deadline_s=DEADLINE_S,
        body_sha256=body_hash(MEANT.body),
    )
    assert misfit(whole, MEANT, 0.0) == ""
    longer = Outgoing(MEANT.method, MEANT.url, FORM, MEANT.body + b"&x=1")
    assert misfit(whole, longer, 0.0) == "another body"


def test_line_ends_do_not_make_another_text() -> None:
    assert text_hash("a\r\nb\rc") == text_hash("a\nb\nc")
    assert text_hash("a\nb") != text_hash("a b")


# ---- a title and fixed fields


def of_original(body: bytes) -> str:
    """Say in what a request differs from the token of an original."""
    original = Terms(
        permit_id="permit",
        method="POST",
        url_pattern="http://site/post",
        deadline_s=DEADLINE_S,
        field="comment",
        title_field="title",
        fixed={"category": "2"},
        text_sha256=text_hash("A title\n\nA body\n\nof two."),
    )
    return misfit(original, Outgoing("POST", "http://site/post", FORM, body), 0.0)


def test_a_title_is_bound_with_its_body() -> None:
    body = b"title=A+title&category=2&comment=A+body%0D%0A%0D%0Aof+two.&token=1"
    assert of_original(body) == ""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"title=B&category=2&comment=A+body%0A%0Aof+two.", "another text"),
        (b"title=A+title&category=2&comment=Another", "another text"),
        (b"category=2&comment=A+title%0A%0AA+body%0A%0Aof+two.", "another text"),
        (b"title=A+title%0A%0AA+body&category=2&comment=of+two", "another text"),
        (b"title=A+title&category=3&comment=A+body%0A%0Aof+two.", "another category"),
        (b"title=A+title&comment=A+body%0A%0Aof+two.", "another category"),
        (b"title=A+title&category=2&category=3&comment=A+body%0A%0Aof+two.", "another category"),
        (b"title=A+title&title=B&category=2&comment=A+body%0A%0Aof+two.", "another text"),
    ],
)
def test_anything_else_in_them_does_not_leave(body: bytes, why: str) -> None:
    assert of_original(body) == f"{why} than the token's"
