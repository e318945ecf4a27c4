"""Posting: due clicks are ordered oldest first, as far as caps, gap and stops allow."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.clicking.posting import NAMED_MAX, posting
from schema.events.base import Event
from schema.events.operations import Job
from schema.events.permitting import RevokeReason
from schema.events.posting import (
    ClickBlocked,
    ClickDeferred,
    ClickOrdered,
    ClickWithheld,
    DeferReason,
    PassSkip,
    PostingPassClosed,
)
from schema.rules import PermitRules
from tests.handlers.facts import (
    TEXT,
    accepted,
    allowed,
    approved,
    attempted,
    created,
    decided,
    due,
    ended,
    hours,
    minutes,
    permit_expired,
    refused,
    revoked,
    rules,
    stopped,
)
from tests.handlers.given import NOON, NOTHING, Scene

PASS = due(Job.POST)
FAST = rules(permit=PermitRules(gap_s=0, per_hour=9))
DEFERRED = ended(ClickDeferred, reason=DeferReason.RATE_LIMITED, detail="")


def ready(n: int, *, slot: int = 0) -> list[Event]:
    at = NOON + minutes(slot)
    return [decided(n, scheduled_at=at), created(n), approved(n), accepted(n)]


def passed(*facts: Any) -> tuple[list[str | None], PostingPassClosed | None]:
    """Return the targets ordered by a pass, and how it was closed."""
    said = Scene(posting, *facts).when(PASS)
    ordered = [event.target_post_id for event in said if isinstance(event, ClickOrdered)]
    closed = said[-1] if said else None
    assert closed is None or isinstance(closed, PostingPassClosed)
    return ordered, closed


def waited(why: PassSkip, *candidates: int) -> PostingPassClosed:
    """Return the close of a pass that skipped the decisions about these candidates."""
    decisions = tuple(created(n).decision_id for n in candidates)
    return PostingPassClosed(
        found=len(decisions), ordered=0, skipped=why, skipped_decisions=decisions
    )


def test_a_due_decision_is_ordered_with_its_approval_and_text() -> None:
    scene = Scene(posting, rules(), *ready(1))
    order, closed = scene.when(PASS)
    assert isinstance(order, ClickOrdered)
    assert order.approval == scene.id_of(approved(1))
    assert (order.text, order.text_hash) == (TEXT, accepted(1).text_hash)
    assert (order.target_url, order.target_author) == ("http://site/p1", "author1")
    assert closed == PostingPassClosed(found=1, ordered=1, skipped=None)


@pytest.mark.parametrize("missing", range(1, 4))
def test_nothing_is_ordered_while_a_part_is_missing(missing: int) -> None:
    parts = ready(1)
    del parts[missing]
    assert passed(rules(), *parts) == ([], None)


def test_nothing_is_ordered_before_its_slot() -> None:
    facts = ready(1, slot=5)
    assert passed(rules(), *facts) == ([], None)
    assert passed(rules(), *facts, minutes(5))[0] == ["p1"]


def test_a_draft_accepted_before_the_approval_serves_as_well() -> None:
    assert passed(rules(), decided(1), created(1), accepted(1), approved(1))[0] == ["p1"]


@pytest.mark.parametrize(
    "end",
    [
        permit_expired(1),
        refused(1),
        attempted(1),
        *(revoked(1, reason) for reason in RevokeReason),
        ended(ClickBlocked, code="GP022", reason=""),
        ended(ClickWithheld, mode="shadow"),
    ],
)
def test_what_ended_is_not_ordered(end: Event) -> None:
    assert passed(rules(), *ready(1), end, hours(1)) == ([], None)


def test_an_approval_past_its_time_is_not_ordered() -> None:
    assert passed(rules(), *ready(1), minutes(30)) == ([], None)


def test_the_oldest_slot_goes_first() -> None:
    facts = [*ready(1, slot=3), *ready(2, slot=1), *ready(3, slot=2), minutes(4)]
    assert passed(FAST, *facts)[0] == ["p2", "p3", "p1"]


def test_a_pass_orders_at_most_five() -> None:
    facts = [event for n in range(1, 8) for event in ready(n)]
    ordered, closed = passed(FAST, *facts)
    assert len(ordered) == 5
    assert closed == PostingPassClosed(found=7, ordered=5, skipped=None)


def test_the_hour_holds_clicks_and_orders_under_way() -> None:
    caps = rules(permit=PermitRules(gap_s=0, per_hour=3))
    facts = [
        *ready(1),
        attempted(1),
        *(event for n in range(2, 6) for event in ready(n, slot=n - 9)),
    ]
    scene = Scene(posting, caps, *facts)
    assert len(scene.when(PASS)) == 3
    assert scene.when(PASS) == [waited(PassSkip.RATE_LIMITED, 4, 5)]


def test_the_day_has_its_cap_too() -> None:
    caps = rules(permit=PermitRules(gap_s=0, per_day=1))
    _, closed = passed(caps, *ready(1), attempted(1), hours(2), *ready(2))
    assert closed == waited(PassSkip.RATE_LIMITED, 2)


def test_with_a_gap_one_click_is_under_way_at_a_time() -> None:
    scene = Scene(posting, rules(), *ready(1), *ready(2))
    assert len(scene.when(PASS)) == 2
    assert scene.when(PASS) == [waited(PassSkip.RATE_LIMITED, 2)]


def test_the_next_click_waits_for_the_gap() -> None:
    facts = [rules(), *ready(1), attempted(1), *ready(2)]
    assert passed(*facts, minutes(4.9))[0] == []
    assert passed(*facts, minutes(5))[0] == ["p2"]


def test_an_order_is_given_once() -> None:
    scene = Scene(posting, FAST, *ready(1))
    scene.when(PASS)
    assert scene.when(PASS) == NOTHING


def test_a_deferred_order_is_given_again() -> None:
    scene = Scene(posting, FAST, *ready(1))
    scene.when(PASS)
    assert scene.when(DEFERRED) == NOTHING
    assert isinstance(scene.when(PASS)[0], ClickOrdered)


def test_a_deferred_order_of_a_permit_that_ended_stays_ended() -> None:
    assert passed(FAST, *ready(1), permit_expired(1), DEFERRED) == ([], None)


def test_a_renewed_permit_keeps_its_place_in_the_line() -> None:
    renewed = [created(1, "second"), accepted(1, "second"), approved(1, "second")]
    facts = [*ready(1), *ready(2, slot=1), minutes(2), permit_expired(1), *renewed]
    assert passed(FAST, *facts)[0] == ["p1", "p2"]


def test_one_whose_page_cannot_be_had_joins_the_end_of_the_line() -> None:
    renewed = [created(1, "second"), accepted(1, "second"), approved(1, "second")]
    failed = revoked(1, RevokeReason.POSTING_FAILED)
    facts = [*ready(1), *ready(2, slot=1), minutes(2), failed, *renewed]
    assert passed(FAST, *facts)[0] == ["p2", "p1"]


def test_a_stop_keeps_everything_and_is_on_record_once_a_pass() -> None:
    facts = [FAST, *ready(1), *ready(2), stopped()]
    assert passed(*facts) == ([], waited(PassSkip.POSTING_DISABLED, 1, 2))
    assert passed(*facts, allowed())[0] == ["p1", "p2"]


def test_while_stopped_what_waits_for_approval_counts_as_found() -> None:
    facts = [rules(), decided(1), created(1), accepted(1), stopped()]
    assert passed(*facts) == ([], waited(PassSkip.POSTING_DISABLED, 1))


def test_a_pass_names_no_more_decisions_than_an_event_should_hold() -> None:
    facts = [event for n in range(NAMED_MAX + 5) for event in ready(n)]
    _, closed = passed(FAST, *facts, stopped())
    assert closed is not None
    assert (closed.found, len(closed.skipped_decisions)) == (NAMED_MAX + 5, NAMED_MAX)


def test_only_a_pass_orders() -> None:
    scene = Scene(posting, FAST, *ready(1))
    for event in (rules(), due(Job.SCHEDULE), stopped(), allowed(), decided(2), accepted(1)):
        assert scene.when(event) == NOTHING
