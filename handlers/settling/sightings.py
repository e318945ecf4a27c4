"""What a post on our profile can be: the pure comparison of a sighting with open attempts."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from schema.ids import EventId
from schema.originals import shown
from schema.posts import Post
from schema.text import normalised

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far a site's clock may be off ours; a page that shows whole minutes needs one of them."""


LATE_SIGHTING = timedelta(hours=24)
"""How long after its attempt a post may have been made, by a site that holds it back, or appear."""


class Standing(StrEnum):
    """Where an attempt stands that has not been confirmed."""

    SPENT = "spent"
    UNKNOWN = "unknown"
    ABANDONED = "abandoned"


class Attempt(msgspec.Struct, frozen=True):
    """One click attempt that a post on the profile may prove.

    `ids` are the chain's ids as text; `last` is the event that the next outcome would spend, and
    `order` the position of what was being carried out.
    """

    ids: dict[str, str | None]
    last: EventId
    standing: Standing
    text: str
    text_hash: str
    target_post_id: str | None
    attempted_at: datetime
    unknown_at: datetime | None = None
    readings: int = 0
    order: int | None = None


def proves(post: Post, attempt: Attempt) -> bool:
    """Say whether this post is that attempt's: full text, right parent, made soon after it."""
    return (
        normalised(shown(post)) == normalised(attempt.text)
        and post.in_reply_to == attempt.target_post_id
        and _late_enough(post, attempt)
        and (post.posted_at is None or post.posted_at <= attempt.attempted_at + LATE_SIGHTING)
    )


def might_be(post: Post, attempt: Attempt) -> bool:
    """Say whether an unsettled attempt may yet explain this post, so that it is no ghost so far."""
    same_parent = post.in_reply_to == attempt.target_post_id
    same_text = normalised(shown(post)) == normalised(attempt.text)
    unsettled = attempt.standing in {Standing.SPENT, Standing.UNKNOWN}
    return unsettled and _late_enough(post, attempt) and (same_parent or same_text)


def _late_enough(post: Post, attempt: Attempt) -> bool:
    return post.posted_at is None or post.posted_at >= attempt.attempted_at - CLOCK_TOLERANCE
