"""Missing posts: unknown outcomes that no reading showed, and confirmed posts that went away."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from handlers.settling.ledger import Ledger
from handlers.settling.mark import counted
from handlers.settling.sightings import Standing
from schema.events.ghosts import PostDisappeared, ProfileRead
from schema.events.posting import OutcomeAbandoned
from schema.rules import PostRules


def abandoned(
    ledger: Ledger, event: ProfileRead, rules: PostRules, now: datetime
) -> list[OutcomeAbandoned]:
    """Give up on unknowns that enough complete readings over enough time did not show."""
    said: list[OutcomeAbandoned] = []
    for attempt in ledger.attempts.values():
        if attempt.standing is not Standing.UNKNOWN or not event.complete:
            continue
        waited = now - (attempt.unknown_at or attempt.attempted_at)
        readings = counted(ledger, attempt, event)
        if readings >= rules.settle_readings and waited >= timedelta(seconds=rules.settle_s):
            fields = {
                **attempt.ids,
                "type": "outcome_abandoned",
                "target_post_id": attempt.target_post_id,
                "spends": attempt.last,
                "readings": readings,
                "waited_s": int(waited.total_seconds()),
            }
            said.append(msgspec.convert(fields, OutcomeAbandoned, strict=False))
    return said


def disappeared(ledger: Ledger, event: ProfileRead) -> list[PostDisappeared]:
    """Report confirmed posts that a complete reading should have shown and did not.

    It should have shown what is newer than the oldest post in it and was known before its sweep
    began; one that went on where another had stopped shows nothing that is newer than its first
    post. Where the site shows no times nobody can tell.
    """
    shown = {post.post_id for post in event.posts}
    times = [post.posted_at for post in event.posts if post.posted_at]
    if not event.complete or not times:
        return []
    oldest, newest = min(times), max(times)
    from_top = ledger.sweep.shown == 0
    return [
        PostDisappeared(reading_id=event.reading_id, posted_id=posted_id)
        for posted_id, known in ledger.posts.items()
        if posted_id not in shown
        and known.ours
        and not known.gone
        and known.posted_at is not None
        and known.posted_at > oldest
        and (from_top or known.posted_at < newest)
        and ledger.began_after(event, known.since)
    ]
