"""Days on which the log tells of a post of ours what is not so, or nothing."""

from __future__ import annotations

from schema.events.ghosts import GhostDetected, GhostKind, PostPredatesLog
from schema.ids import ReadingId, named
from tests.simulation.breaking.day import Break, Day
from tests.simulation.checks import posts
from tests.simulation.clocks import BEGIN
from tests.simulation.forum import Entry, How

HALF_AN_HOUR_S = 32 * 60.0

READING = ReadingId(named("reading"))


def confirmed(day: Day) -> Entry:
    """Return a post that the log confirms and nobody has changed."""
    sure = (day.forum.by_id[row.event.posted_id] for row in day.of("posting_success"))
    return next(entry for entry in sure if not entry.edited)


def a_ghost_of(day: Day, entry: Entry, kind: GhostKind = GhostKind.UNEXPLAINED) -> None:
    ghost = GhostDetected(
        reading_id=READING,
        posted_id=entry.post_id,
        url="",
        text=entry.text,
        posted_at=None,
        detected_at=BEGIN,
        target_post_id=entry.parent,
        missing=(),
        kind=kind,
    )
    day.say(ghost)


def never_there(day: Day) -> None:
    day.change("posting_success", posted_id="nowhere")


def by_hand(day: Day) -> None:
    entry = confirmed(day)
    entry.how, entry.permit_id = How.HAND, ""


def of_another_text(day: Day) -> None:
    confirmed(day).text += " And more."


def of_an_old_post(day: Day) -> None:
    a_ghost_of(day, day.forum.post("1000", "An old one.", -3600.0, How.BEFORE))


def of_a_permitted_post(day: Day) -> None:
    a_ghost_of(day, confirmed(day))


def a_duplicate_of_nothing(day: Day) -> None:
    a_ghost_of(day, confirmed(day), GhostKind.DUPLICATE)


def passed_over(day: Day) -> None:
    entry = confirmed(day)
    day.say(PostPredatesLog(reading_id=READING, posted_id=entry.post_id, url="", posted_at=None))


def never_looked_at(day: Day) -> None:
    late_enough = day.end - HALF_AN_HOUR_S - 1.0
    day.forum.post("nobody's", "Who wrote this?", late_enough, How.HAND)


BREAKS = (
    Break(posts.every_confirmation_is_true, never_there, "confirms a post that never was"),
    Break(posts.every_confirmation_is_true, by_hand, "confirms a post that is by hand"),
    Break(posts.every_confirmation_is_true, of_another_text, "of another text than was sent"),
    Break(posts.no_ghost_is_false, of_an_old_post, "calls an old post a ghost"),
    Break(posts.no_ghost_is_false, of_a_permitted_post, "calls a permitted post a ghost"),
    Break(posts.no_ghost_is_false, a_duplicate_of_nothing, "calls a permitted post a ghost"),
    Break(posts.old_posts_are_old, passed_over, "passes over a post by a click"),
    Break(posts.every_post_is_explained, never_looked_at, "by hand, seen since"),
)
