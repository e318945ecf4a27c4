"""The slots' rows: started, closed with a reason, posted once confirmed."""

from __future__ import annotations

import pytest

from projectors.slots import slots
from schema.events.scheduling import SlotClosed, SlotReason
from tests.handlers.facts import decided, minutes, slot_opened
from tests.handlers.given import NOON
from tests.handlers.reading import success
from tests.projectors.rows import row, rows


def closed(reason: SlotReason, n: int = 1) -> SlotClosed:
    made = decided(n).decision_id if reason is SlotReason.DECIDED else None
    run_id = slot_opened(n).scheduler_run_id
    return SlotClosed(
        scheduler_run_id=run_id, slot=NOON, reason=reason, decision_id=made, queue_size=3
    )


def test_a_slot_that_started_is_open() -> None:
    slot = row(slots, minutes(1), slot_opened(1))
    assert (slot.slot_time, slot.started_at) == (NOON, NOON + minutes(1))
    assert slot.closed_at is slot.reason is slot.decision_id is slot.queue_size is None
    assert not slot.posted


@pytest.mark.parametrize("reason", list(SlotReason))
def test_a_slot_closes_with_its_reason(reason: SlotReason) -> None:
    slot = row(slots, slot_opened(1), minutes(1), closed(reason))
    assert (slot.reason, slot.closed_at, slot.queue_size) == (reason, NOON + minutes(1), 3)
    assert (slot.decision_id is not None) is (reason is SlotReason.DECIDED)
    assert not slot.posted


def test_a_slot_is_posted_once_its_decision_is_confirmed() -> None:
    assert row(slots, slot_opened(1), closed(SlotReason.DECIDED), success()).posted


def test_a_slot_nobody_opened_has_no_row() -> None:
    assert rows(slots, closed(SlotReason.ERROR), success()) == []


def test_slots_do_not_mix() -> None:
    both = rows(slots, slot_opened(1), slot_opened(2), closed(SlotReason.QUEUE_EMPTY, 2))
    assert [slot.reason for slot in both] == [None, SlotReason.QUEUE_EMPTY]
