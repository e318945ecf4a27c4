"""What holds in every history, however events interleave and whatever the world does."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.handlers import promises
from tests.handlers.histories import Check, History, holds, live, lived
from tests.handlers.refolding import as_bytes, states_are_those_of_a_refold

CHECKS = [
    promises.orders_have_a_live_approval,
    promises.orders_carry_the_accepted_text,
    promises.nothing_is_ordered_while_stopped,
    promises.one_order_at_a_time_per_permit,
    promises.the_log_blocks_no_order,
    promises.slots_are_closed_once,
    promises.decisions_come_with_permit_and_slot,
    promises.everything_ends,
    promises.candidates_are_queued_once,
    promises.accepted_texts_pass_the_gates,
    promises.targets_are_fit,
    promises.no_target_is_replied_to_twice,
    promises.orders_keep_the_caps,
    promises.approvals_keep_the_caps,
    promises.decisions_keep_the_authors_cap,
    promises.our_own_clicks_are_no_ghosts,
    promises.posts_by_hand_are_ghosts,
    promises.giving_up_takes_long,
    promises.posts_are_explained_once,
    states_are_those_of_a_refold,
]

TURNS = {
    "candidate_evaluated",
    "candidate_expired",
    "candidate_queued",
    "candidate_rejected",
    "candidate_released",
    "candidate_selected",
    "click_attempt",
    "click_deferred",
    "click_not_sent",
    "click_ordered",
    "click_rejected",
    "decision_made",
    "draft_accepted",
    "draft_failed",
    "draft_rejected",
    "fetch_completed",
    "fetch_failed",
    "fetch_skipped",
    "fetch_started",
    "ghost_detected",
    "judgement_failed",
    "outcome_abandoned",
    "outcome_unknown",
    "permit_approved",
    "permit_created",
    "permit_expired",
    "permit_rejected",
    "permit_revoked",
    "posting_failed",
    "posting_pass_closed",
    "posting_success",
    "profile_read_failed",
    "reconciliation_completed",
    "slot_closed",
}
"""What the histories must lead to, or the promises would hold of nothing."""


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_in_every_history(check: Check) -> None:
    holds(check)


def test_the_same_history_twice_gives_the_same_bytes() -> None:
    def check(history: History) -> None:
        assert as_bytes(history) == as_bytes(live(history.taken))

    holds(check)


def test_every_turn_is_taken_in_some_history() -> None:
    seen: Counter[str] = Counter()
    holds(lambda history: seen.update({row.type for row in history.flow.rows}))
    assert set(seen) >= TURNS, TURNS - set(seen)


def test_a_history_is_lived_once_for_all_promises() -> None:
    holds(lambda history: None)
    before = lived.cache_info().misses
    holds(lambda history: None)
    assert lived.cache_info().misses == before
