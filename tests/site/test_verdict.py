"""Only an answer of the profile's closed list is a refusal; anything else is unknown."""

from __future__ import annotations

import pytest

from edge.browser.verdict import Answer, accepted_number, challenge_of, judged, observed
from edge.gate.observation import Left, Observation
from edge.ports import Observed
from edge.sites.parts import Challenge
from edge.sites.profile import load_profile
from schema.events.challenging import ChallengeKind

PROFILE = load_profile("spirit").at("http://forum.test")
RULE = PROFILE.reply


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


def test_an_answer_that_never_began_is_unknown_and_called_so() -> None:
    seen = judged(RULE, Answer(0))
    assert (seen.observed, seen.http_status) == (Observed.UNKNOWN, None)
    assert seen.detail == "the connection ended before an answer came"


LOG_IN = "/user/login/?next=/comment/5/publish/"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Answer(429), ChallengeKind.CHALLENGE),
        (Answer(302, LOG_IN), ChallengeKind.LOG_IN),
        (Answer(302, f"http://forum.test{LOG_IN}"), ChallengeKind.LOG_IN),
        (Answer(302, "/comment/12/find/"), None),
        (Answer(302, "http://elsewhere.test/user/login/"), None),
        (Answer(403), None),
        (Answer(500), None),
    ],
)
def test_an_answer_asks_for_a_person_by_status_or_address(
    answer: Answer, kind: ChallengeKind | None
) -> None:
    assert challenge_of(PROFILE, answer) is kind


def test_a_site_that_lists_no_statuses_still_slows_us_down() -> None:
    silent = PROFILE.model_copy(update={"challenge": Challenge()})
    assert challenge_of(silent, Answer(429)) is ChallengeKind.CHALLENGE


def test_what_the_gate_saw_says_both_the_outcome_and_the_challenge() -> None:
    refused = observed(PROFILE, Observation(Left.ANSWERED, True, "", status=302, location=LOG_IN))
    assert (refused.observed, refused.challenge) == (Observed.REFUSED, ChallengeKind.LOG_IN)
    slow = observed(PROFILE, Observation(Left.ANSWERED, True, "", status=429))
    assert (slow.observed, slow.challenge) == (Observed.UNKNOWN, ChallengeKind.CHALLENGE)
    lost = observed(PROFILE, Observation(Left.NO_ANSWER, True, "gone"))
    assert (lost.observed, lost.challenge) == (Observed.UNKNOWN, None)
