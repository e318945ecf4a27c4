"""The metrics keeper: a post is read hours after it was made, and not for ever."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.learning.metrics_keeper import metrics_keeper
from schema.events.base import Event
from schema.events.learning import (
    MetricsOrdered,
    MetricsPassClosed,
    MetricsReadFailed,
    OutcomeRecorded,
    OutcomeUnavailable,
    UnavailableReason,
)
from schema.events.operations import Job
from schema.events.posting import PostingSuccess, Via
from schema.rules import LearnRules
from tests.handlers.facts import SOME_EVENT, due, hours, minutes, of_permit, rules
from tests.handlers.given import NOTHING, Scene

LOOK = due(Job.METRICS)


def posted(n: int = 1) -> PostingSuccess:
    fields: dict[str, Any] = {
        "spends": SOME_EVENT,
        "posted_id": f"q{n}",
        "url": f"http://site/q{n}",
        "via": Via.RESPONSE,
        "text_hash": "0" * 64,
        "posted_at": None,
    }
    return PostingSuccess(**of_permit(n), **fields)


def ordered(n: int = 1, tries: int = 1) -> MetricsOrdered:
    return MetricsOrdered(**of_permit(n), posted_id=f"q{n}", tries=tries)


def failed(n: int = 1) -> MetricsReadFailed:
    return MetricsReadFailed(**of_permit(n), posted_id=f"q{n}", reason="away")


def recorded(n: int = 1) -> OutcomeRecorded:
    numbers: dict[str, Any] = {"impressions": 0, "likes": 0, "replies": 0}
    return OutcomeRecorded(**of_permit(n), posted_id=f"q{n}", simulated=True, er=None, **numbers)


def test_a_post_is_read_four_hours_later() -> None:
    scene = Scene(metrics_keeper, rules(), posted(), hours(3.9))
    assert scene.when(LOOK) == NOTHING
    assert scene.given(hours(0.1)).when(LOOK) == [ordered(), MetricsPassClosed(found=1, ordered=1)]


def test_an_order_under_way_is_not_given_again() -> None:
    scene = Scene(metrics_keeper, rules(), posted(), hours(4), ordered(), minutes(30))
    assert scene.when(LOOK) == NOTHING


@pytest.mark.parametrize("answer", [[failed()], []])
def test_a_failed_or_lost_order_is_given_again_after_an_hour(answer: list[Any]) -> None:
    scene = Scene(metrics_keeper, rules(), posted(), hours(4), ordered(), *answer, hours(1))
    assert scene.when(LOOK)[0] == ordered(tries=2)


def test_after_five_tries_the_numbers_are_given_up() -> None:
    scene = Scene(metrics_keeper, rules(), posted(), ordered(tries=5), failed(), hours(1))
    given_up, closed = scene.when(LOOK)
    assert isinstance(given_up, OutcomeUnavailable)
    assert (given_up.reason, given_up.detail) == (UnavailableReason.UNREADABLE, "away")
    assert closed == MetricsPassClosed(found=1, ordered=0)
    assert scene.given(hours(9)).when(LOOK) == NOTHING


def test_a_post_whose_outcome_is_known_is_left_alone() -> None:
    scene = Scene(metrics_keeper, rules(), posted(), recorded(), hours(9))
    assert scene.when(LOOK) == NOTHING


def test_a_pass_orders_the_oldest_first_up_to_its_limit() -> None:
    facts = [rules(learn=LearnRules(per_pass=2)), posted(3), hours(1), posted(1), posted(2)]
    scene = Scene(metrics_keeper, *facts, hours(4))
    assert scene.when(LOOK) == [
        ordered(3),
        ordered(1),
        MetricsPassClosed(found=3, ordered=2),
    ]


def test_nothing_is_read_where_real_metrics_are_off() -> None:
    off = rules(learn=LearnRules(real_metrics=False))
    assert Scene(metrics_keeper, off, posted(), hours(9)).when(LOOK) == NOTHING


@pytest.mark.parametrize("event", [due(Job.LEARN), rules(), posted(2), failed(), recorded()])
def test_everything_else_is_only_remembered(event: Event) -> None:
    assert Scene(metrics_keeper, rules(), posted(), hours(9)).when(event) == NOTHING
