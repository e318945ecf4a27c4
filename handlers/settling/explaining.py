"""Explaining: what one post on our profile is, given the attempts that may have made it."""

from __future__ import annotations

from typing import Any

import msgspec

from handlers.settling.ledger import Ledger
from handlers.settling.sightings import CLOCK_TOLERANCE, Attempt, Standing, might_be, proves
from schema.contracts import Recorded
from schema.events.ghosts import GhostDetected, GhostKind, PostPredatesLog, ProfileRead
from schema.events.posting import LateConfirmed, PostingSuccess, Via
from schema.originals import shown
from schema.posts import Post
from schema.text import normalised

Explanation = PostingSuccess | LateConfirmed | PostPredatesLog | GhostDetected


def explain(ledger: Ledger, post: Post, recorded: Recorded[ProfileRead]) -> Explanation | None:
    """Find what this post is; None while an open attempt may yet explain it."""
    reading_id = recorded.event.reading_id
    for attempt in ledger.attempts.values():
        if attempt.standing is not Standing.SPENT and proves(post, attempt):
            return _confirmed(attempt, post)
    if _predates(ledger, post):
        return PostPredatesLog(
            reading_id=reading_id, posted_id=post.post_id, url=post.url, posted_at=post.posted_at
        )
    if any(might_be(post, attempt) for attempt in ledger.attempts.values()):
        return None
    return None if ledger.sweep.deep else _ghost(ledger, post, recorded)


def _predates(ledger: Ledger, post: Post) -> bool:
    """Say whether the post is older than the log; the site's time outweighs an imported one."""
    known = post.post_id in ledger.legacy
    if ledger.epoch is None or post.posted_at is None:
        return known
    return post.posted_at < (ledger.epoch if known else ledger.epoch - CLOCK_TOLERANCE)


def _confirmed(attempt: Attempt, post: Post) -> PostingSuccess | LateConfirmed:
    fields: dict[str, Any] = {
        **attempt.ids,
        "target_post_id": attempt.target_post_id,
        "spends": attempt.last,
        "posted_id": post.post_id,
        "url": post.url,
        "text_hash": attempt.text_hash,
        "posted_at": post.posted_at,
    }
    if attempt.standing is Standing.ABANDONED:
        return msgspec.convert(fields | {"type": "late_confirmed"}, LateConfirmed, strict=False)
    fields |= {"type": "posting_success", "via": Via.RECONCILIATION}
    return msgspec.convert(fields, PostingSuccess, strict=False)


def _ghost(ledger: Ledger, post: Post, recorded: Recorded[ProfileRead]) -> GhostDetected:
    twin = any(
        known.ours
        and normalised(known.text) == normalised(shown(post))
        and known.target_post_id == post.in_reply_to
        for known in ledger.posts.values()
    )
    missing = ("unspent_permit",) if twin else ("permit", "click_attempt", "posting_success")
    return GhostDetected(
        reading_id=recorded.event.reading_id,
        posted_id=post.post_id,
        url=post.url,
        text=shown(post),
        posted_at=post.posted_at,
        detected_at=recorded.at,
        target_post_id=post.in_reply_to,
        missing=missing,
        kind=GhostKind.DUPLICATE if twin else GhostKind.UNEXPLAINED,
    )
