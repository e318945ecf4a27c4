"""Every request that left the browser, held against the log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from schema.contracts import Recorded
from schema.events.operations import StopSource
from tests.simulation.checks.facts import BUDGET_S, Facts

LOOK_S = 5.0
"""The slowest answer of a simulated database, between looking for a stop and pressing."""

STALLING = ("stall_at_press", "stall_at_step", "pause")
"""Where a hand may stall between the two, only the deadline bounds how late it presses."""


def every_press_was_permitted(facts: Facts) -> Iterator[str]:
    """No press without an attempt before it, for this text and target, in time, acknowledged."""
    for press in facts.forum.presses:
        attempts = facts.about(press.permit_id, "click_attempt")
        if not attempts:
            yield f"pressed at {press.at:.0f} s without a click attempt"
            continue
        attempt = attempts[0]
        waited_s = press.at - facts.time(attempt)
        if waited_s < 0:
            yield f"pressed {-waited_s:.1f} s before the attempt at {attempt.position}"
        if waited_s > BUDGET_S:
            yield f"pressed {waited_s:.1f} s after the attempt at {attempt.position}"
        if sha256(press.text.encode()).hexdigest() != attempt.event.text_hash:
            yield f"pressed another text than that of {attempt.position}"
        if press.target != attempt.event.target_post_id:
            yield f"pressed at another target than that of {attempt.position}"
        if (attempt.event_id, press.process) in facts.scene.server.unacknowledged:
            yield f"pressed on the unacknowledged attempt at {attempt.position}"


def every_permit_bought_one_press(facts: Facts) -> Iterator[str]:
    """Two requests under one permit are the incident that this program exists against."""
    presses = Counter(press.permit_id for press in facts.forum.presses)
    for permit_id, times in presses.items():
        if times > 1:
            yield f"pressed {times} times under permit {permit_id}"


def no_press_while_stopped(facts: Facts) -> Iterator[str]:
    """A stop reaches every hand that looks after it; a hand that has looked presses in time."""
    struck = facts.scene.faults.struck
    bound_s = BUDGET_S if any(struck[kind] for kind in STALLING) else LOOK_S
    stops = [(began, ended) for began, ended, _ in facts.stops()] + facts.scene.file_held
    for press in facts.forum.presses:
        for began, ended in stops:
            if began + bound_s < press.at < ended:
                yield f"pressed at {press.at:.0f} s, stopped since {began:.0f} s"


def a_stop_revokes(facts: Facts) -> Iterator[str]:
    """A permit approved before a stop is not spent after it."""
    for attempt in facts.of("click_attempt"):
        approval = attempt.spends or 0
        for _, _, stopped in facts.stops():
            if approval < stopped < attempt.position:
                yield f"{attempt.position} spends {approval}, approved before stop {stopped}"


def a_challenge_stops(facts: Facts) -> Iterator[str]:
    """What asks for a person turns the logged switch on, unless it is on.

    A rule's answer counts from the place of its cause.
    """
    switch = [row for row in facts.of("posting_stopped", "posting_allowed") if _is_logged(row)]
    for challenge in facts.of("site_challenged"):
        place = challenge.position
        before = [row for row in switch if _place(row) < place]
        stopped = any(row.cause == place for row in switch)
        on = max(before, key=_place, default=challenge).type == "posting_stopped"
        if on == stopped:
            yield f"{place} asked for a person: stopped by it {stopped}, stopped before {on}"


def _is_logged(row: Recorded[Any]) -> bool:
    return bool(row.event.source is StopSource.LOGGED)


def _place(row: Recorded[Any]) -> int:
    return row.position if row.cause is None else row.cause


def a_stop_ends_approvals(facts: Facts) -> Iterator[str]:
    """The warden hears a stop before it can call an older approval expired: it revokes it then."""
    stops = [stop.position for stop in facts.of("posting_stopped")]
    for end in facts.of("permit_expired"):
        approval = facts.rows[end.spends or 0]
        said_at = end.cause or 0
        over = [stop for stop in stops if approval.position < stop < said_at]
        if approval.type == "permit_approved" and over:
            yield f"{end.position} lets {approval.position} expire, stopped at {over[0]}"


def an_outcome_is_true(facts: Facts) -> Iterator[str]:
    """Not sent means that nothing left; refused means that nothing was posted."""
    pressed = {press.permit_id for press in facts.forum.presses}
    posted = {entry.permit_id for entry in facts.forum.own}
    for row in facts.of("click_not_sent"):
        if str(row.event.permit_id) in pressed:
            yield f"{row.position} says not sent, but it was"
    for row in facts.of("click_rejected"):
        if str(row.event.permit_id) in posted:
            yield f"{row.position} says refused, but it was posted"


def nothing_was_blocked(facts: Facts) -> Iterator[str]:
    """PostgreSQL refuses a lawful program's attempts only for what it meets in a race."""
    for row in facts.of("click_blocked"):
        yield f"{row.position} was blocked: {row.event.code} {row.event.reason}"
