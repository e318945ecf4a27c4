"""Days on which something never ended, came too late, or stood still."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from schema.contracts import Recorded
from schema.events.alerting import Alert, AlertRaised
from schema.events.operations import Severity
from schema.events.queueing import CandidateExpired
from tests.doubles.memory_queues import Message
from tests.simulation.breaking.day import Break, Day
from tests.simulation.checks import promptness
from tests.simulation.checks.facts import OUTCOMES

HOUR_S = 3600.0


def without_outcomes(day: Day) -> None:
    day.forget(*OUTCOMES)


def without_ends_of_approvals(day: Day) -> None:
    day.forget("click_attempt", "permit_expired", "permit_revoked")


def without_ends_of_items(day: Day) -> None:
    day.forget("click_attempt", "candidate_expired", "candidate_rejected")
    day.retell("candidate_queued", _soon_over)


def _soon_over(row: Recorded[Any]) -> Recorded[Any]:
    return replace(row, event=replace(row.event, expires_at=row.at + timedelta(minutes=1)))


def attempted_when_over(day: Day) -> None:
    item = next(row.event for row in day.of("click_attempt") if row.event.queue_id is not None)
    ids = {name: getattr(item, name) for name in ("candidate_id", "evaluation_id", "queue_id")}
    day.say(CandidateExpired(**ids), 0.0)


def an_order_left(day: Day) -> None:
    day.scene.server.queues.waiting["click"].append(Message(1, day.scene.account, 0))


def closed_twice(day: Day) -> None:
    day.say(day.first("slot_closed").event)


def without_closing(day: Day) -> None:
    day.forget("slot_closed")


def without_ends_of_fetches(day: Day) -> None:
    day.forget("fetch_completed")


def without_numbers(day: Day) -> None:
    day.forget("outcome_recorded", "outcome_unavailable")
    learn = replace(day.scene.rules.learn, metrics_after_s=60)
    day.scene.rules = replace(day.scene.rules, learn=learn)


def told_to_nobody(day: Day) -> None:
    raised = AlertRaised(
        alert=Alert.GHOST, subject="q1", severity=Severity.CRITICAL, message="", data={}
    )
    day.say(raised, day.end - HOUR_S - 1.0)


def without_slots(day: Day) -> None:
    day.forget("scheduler_started")


def without_proofs(day: Day) -> None:
    day.forget("proof_rolled_up")


def without_posts(day: Day) -> None:
    day.forget("posting_success")


def idle_beside_a_full_queue(day: Day) -> None:
    day.forget("click_attempt", "candidate_selected", "candidate_expired", "candidate_rejected")
    day.change("slot_closed", decision_id=None, queue_size=20)


GOES_ON = promptness.work_goes_on
BREAKS = (
    Break(promptness.every_attempt_ends, without_outcomes, "min to end"),
    Break(promptness.every_approval_ends, without_ends_of_approvals, "outlived its time"),
    Break(promptness.every_item_ends, without_ends_of_items, "outlived its time"),
    Break(promptness.nothing_over_is_attempted, attempted_when_over, "a queue item that ended"),
    Break(promptness.no_order_is_read_for_ever, an_order_left, "click still holds 0"),
    Break(promptness.every_slot_closes_once, closed_twice, "was closed 2 times"),
    Break(promptness.every_slot_closes_once, without_closing, "was closed 0 times"),
    Break(promptness.every_fetch_ends, without_ends_of_fetches, "did not end within"),
    Break(promptness.every_post_is_measured, without_numbers, "was never measured"),
    Break(promptness.every_alert_is_told, told_to_nobody, "was told to nobody"),
    Break(GOES_ON, without_ends_of_fetches, "0 fetch_completed in the last three hours"),
    Break(GOES_ON, without_slots, "0 scheduler_started in the last three hours"),
    Break(GOES_ON, without_proofs, "0 proof_rolled_up in the last three hours"),
    Break(GOES_ON, without_posts, "decisions in the last three hours and no post"),
    Break(promptness.nothing_is_stuck, idle_beside_a_full_queue, "is the eighth idle one, 20 wait"),
)
