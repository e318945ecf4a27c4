"""Drafting: one text per decision, judged by the gates, written anew at most once."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.writing.drafting import drafting
from handlers.writing.gates import text_hash
from schema.events.base import Event
from schema.events.drafting import DraftAccepted, DraftRejected, DraftRequested, Gate
from schema.rules import DraftRules, PermitRules
from tests.handlers.facts import (
    OTHER_TEXT,
    TEXT,
    accepted,
    allowed,
    approved,
    created,
    decided,
    draft_failed,
    drafted,
    permit_expired,
    queued,
    rules,
    stopped,
)
from tests.handlers.given import NOTHING, Scene

HUMAN = rules(permit=PermitRules(approval="human"))
SHORT = "Too short."


def scene(*more: Any, settings: Event | None = None) -> Scene:
    return Scene(drafting, settings or rules(), queued(1), decided(1), *more)


def asked(*more: Any, settings: Event | None = None) -> Scene:
    """Return a scene in which the first draft was ordered."""
    it = scene(*more, created(1), settings=settings)
    it.when(approved(1))
    return it


def test_an_approved_permit_gets_its_text_ordered() -> None:
    [order] = scene(created(1)).when(approved(1))
    assert isinstance(order, DraftRequested)
    assert (order.ordinal, order.avoid, order.style) == (1, "", "friendly")
    assert order.target_title == "Tomatoes"
    assert order.target_text == queued(1).post.text
    assert order.target_author == "author1"


def test_a_permit_that_is_only_created_waits_with_its_text() -> None:
    assert scene().when(created(1)) == NOTHING


def test_an_approval_of_no_known_permit_orders_nothing() -> None:
    assert Scene(drafting, rules()).when(approved(1)) == NOTHING


def test_a_text_is_ordered_once() -> None:
    assert asked().when(approved(1, "second")) == NOTHING


@pytest.mark.parametrize("settings", [HUMAN, None])
def test_where_approval_has_to_wait_the_text_comes_first(settings: Event | None) -> None:
    it = scene(settings=settings) if settings else scene(stopped())
    [order] = it.when(created(1))
    assert isinstance(order, DraftRequested)
    assert it.when(approved(1)) == NOTHING


def test_after_the_stop_drafts_wait_for_approval_again() -> None:
    assert scene(stopped(), allowed()).when(created(1)) == NOTHING


def test_a_good_text_is_accepted_with_its_hash() -> None:
    assert asked().when(drafted(1)) == [
        DraftAccepted(**_ids(), ordinal=1, text=TEXT, text_hash=text_hash(TEXT))
    ]


def _ids() -> dict[str, Any]:
    return {name: getattr(drafted(1), name) for name in drafted(1).__struct_fields__[:7]}


def test_a_refused_text_is_written_anew_with_the_reason() -> None:
    rejected, order = asked().when(drafted(1, SHORT))
    assert isinstance(rejected, DraftRejected)
    assert (rejected.gate, rejected.final) == (Gate.QUALITY, False)
    assert isinstance(order, DraftRequested)
    assert (order.ordinal, order.avoid) == (2, rejected.why)


def test_a_text_that_never_came_is_ordered_once_more_and_then_let_go() -> None:
    it = asked()
    assert it.when(permit_expired(1)) == NOTHING
    [order] = it.when(created(1, "second"))
    assert isinstance(order, DraftRequested)
    assert (order.ordinal, order.permit_id) == (2, created(1, "second").permit_id)
    it.when(permit_expired(1, "second"))
    [given_up] = it.when(created(1, "third"))
    assert isinstance(given_up, DraftRejected)
    assert (given_up.final, given_up.why) == (True, "no draft came before the permit expired")


def test_a_text_that_was_ordered_again_is_not_overdue_before_its_permit_expired() -> None:
    it = asked()
    it.given(permit_expired(1))
    assert it.when(created(1, "second"))
    assert it.when(created(1, "third")) == NOTHING


def test_a_permit_that_expired_before_its_text_was_ordered_is_only_renewed() -> None:
    it = scene(created(1), permit_expired(1))
    assert it.when(created(1, "second")) == NOTHING
    [order] = it.when(approved(1, "second"))
    assert isinstance(order, DraftRequested)
    assert order.ordinal == 1


def test_the_second_refusal_is_final() -> None:
    it = asked()
    it.when(drafted(1, SHORT))
    [rejected] = it.when(drafted(1, SHORT, ordinal=2))
    assert isinstance(rejected, DraftRejected)
    assert rejected.final


def test_the_second_text_may_be_accepted() -> None:
    it = asked()
    it.when(drafted(1, SHORT))
    assert isinstance(it.when(drafted(1, ordinal=2))[0], DraftAccepted)


def test_a_failed_call_counts_as_a_refused_text() -> None:
    it = asked()
    rejected, order = it.when(draft_failed(1))
    assert isinstance(rejected, DraftRejected)
    assert (rejected.gate, rejected.why, rejected.final) == (None, "timeout: 30 s", False)
    assert isinstance(order, DraftRequested)
    [last] = it.when(draft_failed(1, ordinal=2))
    assert isinstance(last, DraftRejected)
    assert last.final


@pytest.mark.parametrize("late", [drafted(1, OTHER_TEXT), draft_failed(1)])
def test_what_comes_after_the_accepted_text_changes_nothing(late: Event) -> None:
    it = asked()
    it.when(drafted(1))
    assert it.when(late) == NOTHING


@pytest.mark.parametrize("late", [drafted(1, ordinal=1), draft_failed(1, ordinal=1)])
def test_an_answer_to_the_first_order_does_not_answer_the_second(late: Event) -> None:
    it = asked()
    it.when(drafted(1, SHORT))
    assert it.when(late) == NOTHING


@pytest.mark.parametrize("event", [drafted(1), draft_failed(1)])
def test_a_text_for_no_known_permit_changes_nothing(event: Event) -> None:
    assert Scene(drafting, rules()).when(event) == NOTHING


def test_a_renewed_permit_keeps_its_text() -> None:
    it = asked()
    it.when(drafted(1))
    [kept] = it.when(created(1, "second"))
    assert isinstance(kept, DraftAccepted)
    assert kept.permit_id == created(1, "second").permit_id
    assert (kept.ordinal, kept.text, kept.text_hash) == (0, TEXT, text_hash(TEXT))


def test_a_renewed_permit_drops_a_text_that_was_banned_meanwhile() -> None:
    """Somebody who stops posting over a word, and bans it, has done enough."""
    word = TEXT.split()[-1].strip(".")
    banning = rules(draft=DraftRules(banned_words=(word,)))
    it = asked(drafted(1), accepted(1), stopped(), banning, allowed())
    [dropped] = it.when(created(1, "second"))
    assert isinstance(dropped, DraftRejected)
    assert (dropped.gate, dropped.final) == (Gate.QUALITY, True)
    assert dropped.why == f"banned word {word!r}"
    assert dropped.permit_id == created(1, "second").permit_id


def test_a_text_under_way_goes_to_the_renewed_permit() -> None:
    it = asked()
    assert it.when(created(1, "second")) == NOTHING
    [event] = it.when(drafted(1))
    assert isinstance(event, DraftAccepted)
    assert event.permit_id == created(1, "second").permit_id


def test_a_text_like_one_of_our_last_is_refused() -> None:
    [rejected, _] = asked(accepted(2, text=TEXT + " Yes!")).when(drafted(1))
    assert isinstance(rejected, DraftRejected)
    assert rejected.gate is Gate.UNIQUENESS


def test_only_as_many_texts_are_compared_as_the_rules_say() -> None:
    few = rules(draft=DraftRules(remembered=1))
    it = asked(accepted(2, text=TEXT), accepted(3, text=OTHER_TEXT), settings=few)
    assert isinstance(it.when(drafted(1))[0], DraftAccepted)


def test_a_renewed_permits_own_text_is_not_remembered_twice() -> None:
    it = asked()
    it.when(drafted(1))
    it.when(created(1, "second"))
    assert it.running.states.known["written", ""].texts == (TEXT,)


def test_the_rest_is_only_remembered() -> None:
    for event in (rules(), stopped(), allowed(), queued(1), decided(1)):
        assert Scene(drafting).when(event) == NOTHING
