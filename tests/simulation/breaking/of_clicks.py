"""Days on which a click was not as it was permitted, or a stop was not heeded."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from schema.events.base import permit_ids
from schema.events.challenging import ChallengeKind, SiteChallenged
from schema.events.operations import PostingAllowed, PostingStopped, StopSource
from schema.events.permitting import PermitExpired
from schema.events.posting import ClickBlocked, ClickNotSent, ClickRejected, NotSentReason
from tests.simulation.breaking.day import Break, Day
from tests.simulation.checks import clicks, holds

LITTLE_S = 0.5
BUDGET_S, LOOK_S = 10.0, 5.0  # what a hand has after its attempt, and after its last look


def stop(source: StopSource = StopSource.LOGGED, **fields: Any) -> PostingStopped:
    return PostingStopped(source=source, why="", by="", **fields)


def allow(source: StopSource = StopSource.LOGGED, **fields: Any) -> PostingAllowed:
    return PostingAllowed(source=source, why="", by="", **fields)


def pressed(day: Day, **otherwise: Any) -> None:
    """Let the first press have been another one."""
    day.forum.presses[0] = replace(day.forum.presses[0], **otherwise)


def attempted_at(day: Day) -> float:
    [attempt] = day.about(day.forum.presses[0].permit_id, "click_attempt")
    return day.time(attempt)


def twice(day: Day) -> None:
    day.forum.presses.append(day.forum.presses[0])


def without_attempt(day: Day) -> None:
    pressed(day, permit_id="nobody's")


def too_early(day: Day) -> None:
    pressed(day, at=attempted_at(day) - LITTLE_S)


def too_late(day: Day) -> None:
    pressed(day, at=attempted_at(day) + BUDGET_S + LITTLE_S)


def another_text(day: Day) -> None:
    pressed(day, text="something else")


def another_target(day: Day) -> None:
    pressed(day, target="somewhere else")


def not_acknowledged(day: Day) -> None:
    press = day.forum.presses[0]
    [attempt] = day.about(press.permit_id, "click_attempt")
    day.scene.server.unacknowledged.add((attempt.event_id, press.process))


def stopped_before(day: Day) -> None:
    at = day.forum.presses[0].at
    day.say(stop(), at - LOOK_S - LITTLE_S)
    day.say(allow(), at + LITTLE_S)


def file_before(day: Day) -> None:
    at = day.forum.presses[0].at
    day.scene.file_held.append((at - LOOK_S - LITTLE_S, at + LITTLE_S))


def stalled_for_too_long(day: Day) -> None:
    at = day.forum.presses[0].at
    day.scene.faults.struck["stall_at_press"] += 1
    day.scene.file_held.append((at - BUDGET_S - LITTLE_S, at + LITTLE_S))


def stopped_since_the_approval(day: Day) -> None:
    *_, attempt = day.of("click_attempt")
    day.say(stop(), position=attempt.position - 1)


def expired_under_a_stop(day: Day) -> None:
    approval = day.first("permit_approved")
    day.say(stop(), position=approval.position + 1)
    expired = PermitExpired(**permit_ids(approval.event), spends=approval.event_id)
    day.say(expired, spends=approval.position, cause=approval.position + 2)


def taken_from_the_living(day: Day) -> None:
    *_, report = day.of("watchdog_reported")
    held = {"source": StopSource.FLAG, "held_by": report.event.worker_id}
    day.say(stop(**held), position=report.position - 2)
    day.say(allow(**held), position=report.position - 1)


def challenged(day: Day) -> int:
    said = SiteChallenged(kind=ChallengeKind.CHALLENGE, during="fetch", detail="")
    return day.say(said).position


def a_challenge_passed_over(day: Day) -> None:
    challenged(day)


def a_stop_upon_a_stop(day: Day) -> None:
    day.say(stop())
    day.say(stop(), cause=challenged(day))


def sent_after_all(day: Day) -> None:
    attempt = day.first("click_attempt")
    ids = permit_ids(attempt.event)
    day.say(ClickNotSent(**ids, spends=attempt.event_id, reason=NotSentReason.DEADLINE))


def posted_after_all(day: Day) -> None:
    success = day.first("posting_success").event
    rejected = ClickRejected(**permit_ids(success), spends=success.spends, code="", detail="")
    day.say(rejected)


def blocked(day: Day) -> None:
    ids = permit_ids(day.first("click_attempt").event)
    day.say(ClickBlocked(**ids, code="GP020", reason="expired"))


PERMITTED = clicks.every_press_was_permitted
BREAKS = (
    Break(clicks.every_permit_bought_one_press, twice, "pressed 2 times under permit"),
    Break(PERMITTED, without_attempt, "without a click attempt"),
    Break(PERMITTED, too_early, "pressed 0.5 s before the attempt"),
    Break(PERMITTED, too_late, "pressed 10.5 s after the attempt"),
    Break(PERMITTED, another_text, "pressed another text"),
    Break(PERMITTED, another_target, "pressed at another target"),
    Break(PERMITTED, not_acknowledged, "pressed on the unacknowledged attempt"),
    Break(clicks.no_press_while_stopped, stopped_before, "stopped since"),
    Break(clicks.no_press_while_stopped, file_before, "stopped since"),
    Break(clicks.no_press_while_stopped, stalled_for_too_long, "stopped since"),
    Break(clicks.a_stop_revokes, stopped_since_the_approval, "approved before stop"),
    Break(clicks.a_stop_ends_approvals, expired_under_a_stop, "expire, stopped at"),
    Break(holds.a_flag_ends_with_its_worker, taken_from_the_living, "the flag of a live worker"),
    Break(
        clicks.a_challenge_stops,
        a_challenge_passed_over,
        "stopped by it False, stopped before False",
    ),
    Break(clicks.a_challenge_stops, a_stop_upon_a_stop, "stopped by it True, stopped before True"),
    Break(clicks.an_outcome_is_true, sent_after_all, "says not sent, but it was"),
    Break(clicks.an_outcome_is_true, posted_after_all, "says refused, but it was posted"),
    Break(clicks.nothing_was_blocked, blocked, "was blocked: GP020 expired"),
)
