"""The queue's rows: every status, and what led there."""

from __future__ import annotations

import pytest

from projectors.queue import QueueStatus, queue
from schema.events.base import Event
from schema.events.judging import CandidateRejected
from schema.events.posting import LateConfirmed
from schema.events.queueing import CandidateReleased
from tests.handlers.facts import (
    SOME_EVENT,
    ended,
    hours,
    item_expired,
    item_rejected,
    minutes,
    of_candidate,
    of_item,
    queued,
    selected,
)
from tests.handlers.given import NOON
from tests.handlers.reading import success
from tests.projectors.rows import row, rows

RELEASED = CandidateReleased(**of_item(1), reason="rate_limited")
LATE = ended(
    LateConfirmed, spends=SOME_EVENT, posted_id="q1", url="", text_hash="0" * 64, posted_at=None
)


def test_a_queued_item_waits_with_what_is_known_of_it() -> None:
    item = row(queue, queued(1))
    assert item.status is QueueStatus.QUEUED
    assert (item.candidate_post_id, item.author) == ("p1", "author1")
    assert (item.created_at, item.expires_at) == (NOON, NOON + hours(24))
    assert item.selected_at is item.scheduler_run_id is None


def test_a_selected_item_names_its_run() -> None:
    item = row(queue, queued(1), minutes(5), selected(1))
    assert item.status is QueueStatus.SELECTED
    assert item.selected_at == NOON + minutes(5)
    assert item.scheduler_run_id == selected(1).scheduler_run_id


@pytest.mark.parametrize(
    ("end", "status", "reason"),
    [
        (RELEASED, QueueStatus.QUEUED, "rate_limited"),
        (item_expired(1), QueueStatus.EXPIRED, "expired"),
        (item_rejected(1, "draft_quality"), QueueStatus.REJECTED, "draft_quality"),
        (success(), QueueStatus.POSTED, ""),
        (LATE, QueueStatus.POSTED, ""),
    ],
    ids=["released", "expired", "rejected", "posted", "posted late"],
)
def test_a_selected_item_becomes(end: Event, status: QueueStatus, reason: str) -> None:
    item = row(queue, queued(1), selected(1), end)
    assert (item.status, item.reason) == (status, reason)


def test_a_released_item_belongs_to_no_run() -> None:
    item = row(queue, queued(1), selected(1), RELEASED)
    assert item.selected_at is item.scheduler_run_id is None


def test_an_abandoned_item_that_shows_after_all_is_posted() -> None:
    item = row(queue, queued(1), item_rejected(1, "outcome_abandoned"), LATE)
    assert (item.status, item.reason) == (QueueStatus.POSTED, "")


def test_items_do_not_mix() -> None:
    items = rows(queue, queued(1), queued(2), item_expired(2))
    assert [item.status for item in items] == [QueueStatus.QUEUED, QueueStatus.EXPIRED]


def test_a_candidate_rejected_before_the_queue_has_no_row() -> None:
    assert rows(queue, CandidateRejected(**of_candidate(1), reason="language")) == []
    assert rows(queue, item_expired(1)) == []
