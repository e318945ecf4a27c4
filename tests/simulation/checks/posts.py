"""Every post of ours on the forum, held against what the log says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from schema.contracts import Recorded
from schema.events.ghosts import GhostKind
from tests.simulation.checks.facts import MINUTE_S, Facts
from tests.simulation.forum import Entry, How

CONFIRMED = ("posting_success", "late_confirmed")
EXPLAINED_S = 32 * MINUTE_S
"""Two reconciliation intervals, and a little for the reading itself."""


def every_confirmation_is_true(facts: Facts) -> Iterator[str]:
    """A confirmed post exists, and its permit's click made it."""
    for row in facts.of(*CONFIRMED):
        entry = facts.forum.by_id.get(row.event.posted_id)
        if entry is None:
            yield f"{row.position} confirms a post that never was"
        elif entry.permit_id != str(row.event.permit_id):
            yield f"{row.position} confirms a post that is {entry.how}"
        elif entry.words != entry.sent and not entry.edited:
            yield f"{row.position} confirms a post of another text than was sent"


def no_ghost_is_false(facts: Facts) -> Iterator[str]:
    """A post that a permit's click made, with the permitted text, is no ghost."""
    for row in facts.of("ghost_detected"):
        entry = facts.forum.by_id[row.event.posted_id]
        if entry.how is How.BEFORE:
            yield f"{row.position} calls an old post a ghost"
        if entry.how not in {How.CLICK, How.TWIN} or entry.edited or entry.words != entry.sent:
            continue
        twin = row.event.kind is GhostKind.DUPLICATE and _another_is_confirmed(facts, entry)
        if not twin:
            yield f"{row.position} calls a permitted post a ghost"


def _another_is_confirmed(facts: Facts, entry: Entry) -> bool:
    confirmed = facts.about(entry.permit_id, *CONFIRMED)
    return any(row.event.posted_id != entry.post_id for row in confirmed)


def old_posts_are_old(facts: Facts) -> Iterator[str]:
    """Only a post from before the log is passed over as such."""
    for row in facts.of("post_predates_log"):
        entry = facts.forum.by_id[row.event.posted_id]
        if entry.how is not How.BEFORE:
            yield f"{row.position} passes over a post {entry.how}"


def every_post_is_explained(facts: Facts) -> Iterator[str]:
    """What anybody could see for two intervals is confirmed, a ghost, or still being settled."""
    known = {row.event.posted_id for row in facts.of(*CONFIRMED, "ghost_detected")}
    for entry in facts.forum.own:
        seen_from = max(entry.shown_from, facts.scene.quiet_from)
        if entry.how is How.BEFORE or entry.post_id in known or not entry.shown(facts.end):
            continue
        last = max((seen_from, *(facts.time(row) for row in _settling(facts, entry))))
        if facts.end - last > EXPLAINED_S:
            yield f"post {entry.post_id}, {entry.how}, seen since {seen_from:.0f} s: unexplained"


def _settling(facts: Facts, entry: Entry) -> list[Recorded[Any]]:
    """Return the ends of attempts that might have been this post: until then it is no ghost."""
    return [
        end
        for attempt in facts.of("click_attempt")
        if attempt.event.target_post_id == entry.parent
        for end in facts.about(attempt.event.permit_id, "outcome_abandoned", *CONFIRMED)
    ]
