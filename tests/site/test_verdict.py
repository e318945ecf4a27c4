"""Only an answer of the profile's closed list is a refusal; anything else is unknown."""

from __future__ import annotations

import pytest

from edge.browser.verdict import Answer, accepted_number, judged
from edge.ports import Observed
from edge.sites.profile import load_profile

RULE = load_profile("spirit").reply


def test_a_redirect_to_a_comment_names_it() -> None:
    assert accepted_number(RULE, Answer(302, "/comment/12/find/")) == "12"


@pytest.mark.parametrize(
    "answer",
    [Answer(302, "/"), Answer(302, "/user/login/?next=/x"), Answer(200, "/comment/1/find/")],
)
def test_other_answers_name_no_post(answer: Answer) -> None:
    assert accepted_number(RULE, answer) is None


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        (Answer(200, "", {".messages_error": "Too many submissions, wait 10s."}), "flood_limit"),
        (
            Answer(200, "", {"form.js-reply .errorlist": "This field is required."}),
            "text_not_accepted",
        ),
        (Answer(302, "/user/login/?next=/comment/5/publish/"), "logged_out"),
        (Answer(403), "forbidden"),
        (Answer(404), "target_gone_or_closed"),
    ],
)
def test_a_listed_answer_is_a_refusal_by_name(answer: Answer, name: str) -> None:
    seen = judged(RULE, answer)
    assert (seen.observed, seen.detail) == (Observed.REFUSED, name)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(500),
        Answer(502, "", {".messages_error": "Too many submissions"}),
        Answer(200, "", {}),
        Answer(200, "", {".messages_error": "Something new"}),
        Answer(204),
        Answer(302, "/"),
        Answer(429),
    ],
)
def test_anything_else_is_unknown(answer: Answer) -> None:
    assert judged(RULE, answer).observed is Observed.UNKNOWN
