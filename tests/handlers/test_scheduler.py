"""The scheduler: a slot takes the best item, or closes with the reason for none."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handlers.deciding.scheduler import scheduler
from schema.events.base import Event
from schema.events.judging import Tier
from schema.events.permitting import PermitCreated
from schema.events.queueing import CandidateReleased, CandidateSelected
from schema.events.scheduling import DecisionMade, DecisionType, SlotClosed, SlotReason
from schema.rules import PermitRules, PostRules
from tests.handlers.facts import (
    allowed,
    attempted,
    decided,
    draft_refused,
    hours,
    item_expired,
    item_rejected,
    of_item,
    queued,
    refused,
    rules,
    selected,
    slot_opened,
    stopped,
)
from tests.handlers.given import NOON, NOTHING, Scene


def fill(*facts: Any) -> list[Any]:
    return list(Scene(scheduler, *facts).when(slot_opened(9)))


def taken(*facts: Any) -> str | None:
    """Return the post that the slot decided for."""
    events = fill(*facts)
    return events[1].target_post_id if len(events) > 1 else None


def reason(*facts: Any) -> SlotReason:
    [closed] = fill(*facts)
    assert isinstance(closed, SlotClosed)
    assert closed.decision_id is None
    return closed.reason


def under_way(n: int) -> list[Event]:
    return [queued(n), selected(n), decided(n)]


def test_a_slot_decides_and_asks_for_the_permit_in_one_go() -> None:
    chosen, made, permit, closed = fill(rules(), queued(1))
    assert isinstance(chosen, CandidateSelected)
    assert isinstance(made, DecisionMade)
    assert isinstance(permit, PermitCreated)
    assert isinstance(closed, SlotClosed)
    assert chosen.decision_id == made.decision_id == permit.decision_id == closed.decision_id
    assert made.scheduler_run_id == permit.scheduler_run_id == slot_opened(9).scheduler_run_id
    assert (permit.target_post_id, permit.target_author) == ("p1", "author1")
    assert permit.pipeline_source == "reply_v2_scheduler"
    assert permit.target_is_root
    assert (closed.reason, closed.queue_size) == (SlotReason.DECIDED, 1)


def test_an_empty_queue_closes_the_slot() -> None:
    assert reason(rules()) is SlotReason.QUEUE_EMPTY


def test_the_best_tier_goes_first() -> None:
    facts = [queued(1, Tier.C), queued(3, Tier.B), queued(2, Tier.B)]
    assert taken(rules(), *facts) == "p2"


def test_within_a_tier_the_freshest_goes_first() -> None:
    assert taken(rules(), queued(3), queued(2), queued(4)) == "p2"


def test_a_post_without_a_time_comes_last_in_its_tier() -> None:
    assert taken(rules(), queued(1, posted_at=None), queued(5)) == "p5"


def test_the_seed_picks_the_style() -> None:
    styles = []
    for seed in range(12):
        events: list[Any] = Scene(scheduler, rules(), queued(1)).when(slot_opened(9, seed))
        styles.append(events[1].style)
    assert set(styles) == {"friendly", "concise", "curious"}


def test_an_author_who_had_our_reply_today_is_passed_over() -> None:
    facts = [*under_way(1), attempted(1), queued(2, author="author1"), queued(3)]
    assert taken(rules(), *facts) == "p3"


def test_an_author_whose_reply_is_under_way_is_passed_over() -> None:
    assert reason(rules(), *under_way(1), queued(2, author="author1")) is SlotReason.RATE_LIMITED


def test_an_author_is_free_again_after_a_day() -> None:
    late = replace(queued(2, author="author1"), expires_at=NOON + hours(48))
    assert taken(rules(), *under_way(1), attempted(1), hours(24), late) == "p2"


def test_an_item_past_its_time_is_not_taken() -> None:
    assert reason(rules(), queued(1), hours(24)) is SlotReason.QUEUE_EMPTY


@pytest.mark.parametrize("end", [item_expired(1), item_rejected(1)])
def test_an_item_that_ended_is_not_taken(end: Event) -> None:
    assert reason(rules(), queued(1), end) is SlotReason.QUEUE_EMPTY


def test_a_selected_item_is_not_taken_twice() -> None:
    assert reason(rules(), *under_way(1)) is SlotReason.QUEUE_EMPTY


def test_a_released_item_is_taken_again() -> None:
    facts = [*under_way(1), refused(1), CandidateReleased(**of_item(1), reason="rate_limited")]
    assert taken(rules(), *facts) == "p1"


def test_the_hour_is_full_with_clicks_and_decisions_under_way() -> None:
    facts = [e for n in (1, 2) for e in (*under_way(n), attempted(n))]
    facts += [e for n in (3, 4) for e in under_way(n)]
    assert reason(rules(), *facts, queued(5)) is SlotReason.RATE_LIMITED


def test_the_day_is_full() -> None:
    caps = rules(permit=PermitRules(per_hour=9, per_day=2))
    facts = [e for n in (1, 2) for e in (*under_way(n), attempted(n))]
    assert reason(caps, *facts, hours(2), queued(5)) is SlotReason.RATE_LIMITED


def test_an_hour_later_there_is_room_again() -> None:
    caps = rules(permit=PermitRules(per_hour=1))
    facts = [*under_way(1), attempted(1), queued(2)]
    assert reason(caps, *facts) is SlotReason.RATE_LIMITED
    assert taken(caps, *facts, hours(1)) == "p2"


BACKLOG = rules(post=PostRules(per_pass=2), permit=PermitRules(per_hour=99))


def test_no_more_is_planned_than_a_pass_can_post() -> None:
    facts = [*under_way(1), *under_way(2), queued(3)]
    assert reason(BACKLOG, *facts) is SlotReason.RATE_LIMITED


def test_planning_goes_on_while_posting_is_stopped() -> None:
    assert taken(rules(), stopped(), queued(1)) == "p1"


def test_a_full_backlog_while_stopped_names_the_stop() -> None:
    facts = [*under_way(1), *under_way(2), queued(3), stopped()]
    assert reason(BACKLOG, *facts) is SlotReason.POSTING_DISABLED
    assert reason(BACKLOG, *facts, allowed()) is SlotReason.RATE_LIMITED


@pytest.mark.parametrize("end", [refused(1), draft_refused(1), attempted(1), item_expired(1)])
def test_a_decision_that_ended_makes_room(end: Event) -> None:
    facts = [*under_way(1), *under_way(2), queued(3), end]
    assert taken(BACKLOG, *facts) == "p3"


def test_an_original_takes_no_place_in_the_backlog_of_replies() -> None:
    none: dict[str, Any] = dict.fromkeys(("candidate_id", "evaluation_id", "queue_id"))
    original = decided(7, **none, decision_type=DecisionType.SINGLE, target_author=None)
    assert taken(BACKLOG, original, *under_way(2), queued(3)) == "p3"


def test_a_draft_that_will_be_written_again_makes_no_room() -> None:
    facts = [*under_way(1), *under_way(2), queued(3), draft_refused(1, final=False)]
    assert reason(BACKLOG, *facts) is SlotReason.RATE_LIMITED


def test_only_a_slot_decides() -> None:
    scene = Scene(scheduler, rules())
    for event in (queued(1), stopped(), allowed(), item_expired(1), attempted(1), rules()):
        assert scene.when(event) == NOTHING
