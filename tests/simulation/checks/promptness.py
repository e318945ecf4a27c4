"""Liveness: what must have come right in the quiet hours, each bound from when chaos ended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from schema.contracts import Recorded
from schema.events.operations import Job
from tests.simulation.checks.facts import MINUTE_S, OUTCOMES, Facts

SETTLED_S = 45 * MINUTE_S
HOUR_S = 60 * MINUTE_S
MEASURED_S = 2.5 * HOUR_S
"""Two tries that an order's loss may cost an hour each, and the pass."""


def late_s(facts: Facts) -> float:
    """Return what lateness is lawful: a pass, a tick of simulated workers, a minute of grace."""
    return facts.scene.cadence[Job.POST] + facts.scene.tick_s + MINUTE_S


def every_attempt_ends(facts: Facts) -> Iterator[str]:
    """L1: within 45 minutes of the attempt, or of the end of chaos."""
    for attempt in facts.of("click_attempt"):
        began = max(facts.time(attempt), facts.scene.quiet_from)
        ends = facts.about(attempt.event.permit_id, *OUTCOMES)
        ended = min((facts.time(end) for end in ends), default=facts.end)
        if ended - began > SETTLED_S:
            yield f"attempt {attempt.position} took {(ended - began) / 60:.0f} min to end"


def every_approval_ends(facts: Facts) -> Iterator[str]:
    """L2: an approved permit is attempted, revoked or expired within its time and a minute."""
    for approval in facts.of("permit_approved"):
        due = facts.time(approval) + approval.event.ttl_s
        ends = facts.about(
            approval.event.permit_id, "click_attempt", "permit_expired", "permit_revoked"
        )
        ended = min((facts.time(end) for end in ends), default=facts.end)
        over_s = ended - max(due, facts.scene.quiet_from)
        if over_s > late_s(facts):
            yield f"approval {approval.position} outlived its time by {over_s:.0f} s"


def every_item_ends(facts: Facts) -> Iterator[str]:
    """L4: a queue item is attempted, expired or rejected when its time is up and a minute."""
    ended: dict[Any, float] = {}
    for row in facts.of("click_attempt", "candidate_expired", "candidate_rejected"):
        ended.setdefault(row.event.queue_id, facts.time(row))
    for item in facts.of("candidate_queued"):
        due = facts.time(item) + (item.event.expires_at - item.at).total_seconds()
        over_s = ended.get(item.event.queue_id, facts.end) - max(due, facts.scene.quiet_from)
        if over_s > late_s(facts):
            yield f"queue item {item.position} outlived its time by {over_s:.0f} s"


def nothing_over_is_attempted(facts: Facts) -> Iterator[str]:
    """An attempt and the end of its queue item may cross, but not by more than a minute."""
    over = {row.event.queue_id: row for row in facts.of("candidate_expired", "candidate_rejected")}
    for attempt in facts.of("click_attempt"):
        queue_id = attempt.event.queue_id
        end = None if queue_id is None else over.get(queue_id)
        if end is not None and facts.time(attempt) - facts.time(end) > MINUTE_S:
            yield f"{attempt.position} attempts a queue item that ended at {end.position}"


def no_order_is_read_for_ever(facts: Facts) -> Iterator[str]:
    """L7: poison is set aside, and at the end nothing waits that could have been done."""
    for queue, messages in facts.scene.server.queues.waiting.items():
        for message in messages:
            age_s = facts.end - max(facts.landed[message.position], facts.scene.quiet_from)
            if age_s > HOUR_S:
                yield f"{queue} still holds {message.position} after {message.reads} reads"


def every_slot_closes_once(facts: Facts) -> Iterator[str]:
    """A slot that started ends in one outcome with a reason."""
    closed = Counter(row.event.scheduler_run_id for row in facts.of("slot_closed"))
    for start in facts.of("scheduler_started"):
        times = closed[start.event.scheduler_run_id]
        settled = facts.end - facts.time(start) > late_s(facts)
        if times > 1 or (settled and times == 0):
            yield f"slot {start.position} was closed {times} times"


def every_fetch_ends(facts: Facts) -> Iterator[str]:
    """A run that was lost is closed by the planner, which looks at every pass."""
    bound_s = facts.scene.rules.fetch.lost_after_s + late_s(facts)
    ended = {row.event.run_id: facts.time(row) for row in reversed([*facts.of("fetch_completed")])}
    for start in facts.of("fetch_started"):
        began = max(facts.time(start), facts.scene.quiet_from)
        if ended.get(start.event.run_id, facts.end) - began > bound_s:
            yield f"fetch {start.position} did not end within {bound_s / 60:.0f} min"


def every_post_is_measured(facts: Facts) -> Iterator[str]:
    """The numbers of a confirmed post are read in time, or it is said why not."""
    known = {row.event.permit_id for row in facts.of("outcome_recorded", "outcome_unavailable")}
    for row in facts.of("posting_success", "late_confirmed"):
        due = facts.time(row) + facts.scene.rules.learn.metrics_after_s
        waited_s = facts.end - max(due, facts.scene.quiet_from)
        if row.event.permit_id not in known and waited_s > MEASURED_S:
            yield f"the post of {row.position} was never measured"


def every_alert_is_told(facts: Facts) -> Iterator[str]:
    """A person outside was told, or the log says that nobody could be."""
    told = {row.event.told for row in facts.of("alert_delivered", "alert_undelivered")}
    if facts.scene.faults.struck["message_lost"]:
        return  # an order that was lost waits for `queues rebuild`
    for row in facts.of("alert_raised", "alert_cleared"):
        waited_s = facts.end - max(facts.time(row), facts.scene.quiet_from)
        if row.event_id not in told and row.event.severity != "info" and waited_s > HOUR_S:
            yield f"{row.position} was told to nobody"


def work_goes_on(facts: Facts) -> Iterator[str]:
    """In the quiet hours fetches end well, slots open, and what can be posted is posted."""
    wanted = {
        "fetch_completed": Job.FETCH,
        "scheduler_started": Job.SCHEDULE,
        "proof_rolled_up": Job.PROOF,
    }
    for name, job in wanted.items():
        least = int(0.6 * 3 * HOUR_S / facts.scene.cadence[job])
        rows = [row for row in facts.of(name) if _in_last_hours(facts, row)]
        if len(rows) < least:
            yield f"{len(rows)} {name} in the last three hours, wanted {least}"
    slots = [row for row in facts.of("slot_closed") if _in_last_hours(facts, row)]
    decided = [row for row in slots if row.event.decision_id is not None]
    posted = [row for row in facts.of("posting_success") if _in_last_hours(facts, row)]
    if len(decided) > 2 and not posted:
        yield f"{len(decided)} decisions in the last three hours and no post"


def nothing_is_stuck(facts: Facts) -> Iterator[str]:
    """A slot finds room when items wait and the caps leave some."""
    rules = facts.scene.rules.permit
    slots = [row for row in facts.of("slot_closed") if _in_last_hours(facts, row)]
    clicks = [facts.time(row) for row in facts.of("click_attempt")]
    idle = 0
    for slot in slots:
        at = facts.time(slot)
        in_hour = sum(at - HOUR_S < click <= at for click in clicks)
        in_day = sum(at - 24 * HOUR_S < click <= at for click in clicks)
        full = in_hour >= rules.per_hour - 1 or in_day >= rules.per_day - 1
        stuck = slot.event.decision_id is None and slot.event.queue_size >= 20 and not full
        idle = idle + 1 if stuck else 0
        if idle >= 8 and _somebody_is_free(facts, slot):
            yield f"slot {slot.position} is the eighth idle one, {slot.event.queue_size} wait"
            return


def _somebody_is_free(facts: Facts, slot: Recorded[Any]) -> bool:
    """Say whether an item waits at this slot whose author got no reply for a day."""
    left = facts.of("candidate_selected", "candidate_expired", "candidate_rejected")
    gone = {row.event.queue_id for row in left if row.position < slot.position}
    since = facts.time(slot) - 24 * HOUR_S
    clicks = [row for row in facts.of("click_attempt") if since < facts.time(row)]
    answered = {row.event.target_author for row in clicks if row.position < slot.position}
    return any(
        item.position < slot.position
        and item.event.queue_id not in gone
        and item.event.post.author not in answered
        for item in facts.of("candidate_queued")
    )


def _in_last_hours(facts: Facts, row: Recorded[Any]) -> bool:
    return facts.time(row) > facts.end - 3 * HOUR_S
