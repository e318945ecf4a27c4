"""The queue keeper: an item waits once, and what ends it says why."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from handlers.queueing.queue_keeper import queue_keeper
from schema.events.base import Event
from schema.events.drafting import DraftRejected, Gate
from schema.events.judging import CandidateRejected, Verdict
from schema.events.legacy import LegacyPostImported
from schema.events.operations import Job
from schema.events.permitting import ReasonCode
from schema.events.posting import (
    ClickBlocked,
    ClickNotSent,
    ClickRejected,
    ClickWithheld,
    NotSentReason,
    OutcomeAbandoned,
    PostingSuccess,
    Via,
)
from schema.events.queueing import CandidateExpired, CandidateQueued, CandidateReleased
from schema.ids import QueueId, derive
from tests.handlers.facts import (
    SOME_EVENT,
    attempted,
    decided,
    draft_refused,
    due,
    ended,
    evaluated,
    hours,
    item_rejected,
    minutes,
    of_item,
    of_permit,
    queued,
    refused,
    rules,
    selected,
)
from tests.handlers.given import NOON, NOTHING, Scene

SWEEP = due(Job.WATCHDOG)
ANSWERED = LegacyPostImported(
    table="reply_candidate_queue",
    key="1",
    posted_id=None,
    posted_at=NOON - hours(24),
    target_post_id=queued().post.post_id,
)


def taken(*more: Any) -> Scene:
    return Scene(queue_keeper, rules(), queued(), selected(), decided(), *more)


def test_a_candidate_that_passed_is_queued_for_a_day() -> None:
    scene = Scene(queue_keeper, rules())
    [item] = scene.when(evaluated())
    assert isinstance(item, CandidateQueued)
    assert item.queue_id == QueueId(derive(scene.id_of(evaluated()), "queue"))
    assert item.expires_at == NOON + hours(24)


def test_a_candidate_that_did_not_pass_is_not_queued() -> None:
    event = evaluated(verdict=Verdict.REJECT, tier=None)
    assert Scene(queue_keeper, rules()).when(event) == NOTHING


def test_a_candidate_is_queued_once() -> None:
    scene = Scene(queue_keeper, rules())
    scene.when(evaluated())
    assert scene.when(evaluated()) == NOTHING


def test_a_candidate_is_not_queued_again_after_its_item_ended() -> None:
    scene = Scene(queue_keeper, rules(), queued(), item_rejected())
    assert scene.when(evaluated()) == NOTHING


@pytest.mark.parametrize("sweep", [SWEEP, due(Job.POST)])
def test_an_item_expires_at_its_time(sweep: Event) -> None:
    scene = Scene(queue_keeper, rules(), queued(), hours(24))
    assert scene.when(sweep) == [CandidateExpired(**of_item(1))]
    assert scene.when(sweep) == NOTHING


def test_an_item_does_not_expire_before_its_time() -> None:
    assert Scene(queue_keeper, rules(), queued(), hours(23.9)).when(SWEEP) == NOTHING


def test_a_decided_item_expires_too() -> None:
    assert taken(hours(24)).when(SWEEP) == [CandidateExpired(**of_item(1))]


def test_an_item_whose_click_was_attempted_does_not_expire() -> None:
    assert taken(attempted(), hours(48)).when(SWEEP) == NOTHING


def test_an_item_selected_without_a_decision_is_released_after_ten_minutes() -> None:
    scene = Scene(queue_keeper, rules(), queued(), selected(), minutes(10))
    released = CandidateReleased(**of_item(1), reason="selected without a decision")
    assert scene.when(SWEEP) == [released]
    assert scene.when(SWEEP) == NOTHING


def test_an_item_selected_a_moment_ago_is_left_alone() -> None:
    assert Scene(queue_keeper, rules(), queued(), selected(), minutes(9)).when(SWEEP) == NOTHING


def test_a_decided_item_is_not_stuck() -> None:
    assert taken(hours(1)).when(SWEEP) == NOTHING


@pytest.mark.parametrize("code", [ReasonCode.RATE_LIMITED, ReasonCode.RULES_NOT_SIGNED])
def test_a_refusal_by_the_last_checks_releases_the_item(code: ReasonCode) -> None:
    assert taken().when(refused(code=code)) == [CandidateReleased(**of_item(1), reason=str(code))]


@pytest.mark.parametrize(
    "code",
    [
        code
        for code in ReasonCode
        if code not in {ReasonCode.RATE_LIMITED, ReasonCode.RULES_NOT_SIGNED}
    ],
)
def test_any_other_refusal_rejects_the_item(code: ReasonCode) -> None:
    assert taken().when(refused(code=code)) == [CandidateRejected(**of_item(1), reason=str(code))]


def test_a_refusal_about_no_live_item_changes_nothing() -> None:
    assert Scene(queue_keeper, rules()).when(refused()) == NOTHING


def test_a_final_draft_refusal_rejects_the_item() -> None:
    assert taken().when(draft_refused()) == [CandidateRejected(**of_item(1), reason="draft_failed")]


def test_the_gate_that_refused_is_named() -> None:
    event = DraftRejected(**of_permit(1), ordinal=2, gate=Gate.QUALITY, why="a link", final=True)
    assert taken().when(event) == [CandidateRejected(**of_item(1), reason="draft_quality")]


def test_a_draft_refusal_that_is_not_final_keeps_the_item() -> None:
    assert taken().when(draft_refused(final=False)) == NOTHING


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (
            ended(ClickNotSent, spends=SOME_EVENT, reason=NotSentReason.DEADLINE),
            "click_not_sent_deadline",
        ),
        (ended(ClickRejected, spends=SOME_EVENT, code="403", detail=""), "refused_by_site_403"),
        (ended(OutcomeAbandoned, spends=SOME_EVENT, readings=5, waited_s=1), "outcome_abandoned"),
        (ended(ClickBlocked, code="GP022", reason="another text"), "click_blocked_GP022"),
        (ended(ClickWithheld, mode="shadow"), "click_withheld_shadow"),
    ],
)
def test_what_ended_without_a_post_rejects_the_item(event: Event, reason: str) -> None:
    assert taken(attempted()).when(event) == [CandidateRejected(**of_item(1), reason=reason)]


def test_a_post_ends_the_item_without_a_word() -> None:
    success = ended(
        PostingSuccess,
        spends=SOME_EVENT,
        posted_id="q1",
        url="",
        via=Via.RESPONSE,
        text_hash="0" * 64,
        posted_at=None,
    )
    scene = taken(attempted())
    assert scene.when(success) == NOTHING
    assert scene.given(hours(48)).when(SWEEP) == NOTHING


@pytest.mark.parametrize("so_far", [0, 1, 2])
def test_what_an_import_says_was_answered_waits_no_more(so_far: int) -> None:
    """Whatever it has reached: the warden takes back the permit of an item that was rejected."""
    further = [selected(), decided()][:so_far]
    scene = Scene(queue_keeper, rules(), queued(1), queued(2), *further)
    [gone] = scene.when(ANSWERED)
    assert isinstance(gone, CandidateRejected)
    assert gone.candidate_id == queued(1).candidate_id
    assert gone.reason == ReasonCode.TARGET_ALREADY_REPLIED


@pytest.mark.parametrize(
    "facts",
    [[queued(2)], [queued(), selected(), decided(), attempted()]],
    ids=["another post", "attempted"],
)
def test_an_import_ends_nothing_else(facts: list[Event]) -> None:
    scene = Scene(queue_keeper, rules(), *facts)
    assert scene.when(ANSWERED) == NOTHING
    assert scene.when(msgspec.structs.replace(ANSWERED, target_post_id=None)) == NOTHING
