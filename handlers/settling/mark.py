"""The mark: what a reading of our profile counts for, and how far back the next sweep goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from handlers.settling.ledger import Ledger
from handlers.settling.sightings import CLOCK_TOLERANCE, LATE_SIGHTING, Attempt, Standing
from handlers.settling.sweep import Sweep
from schema.events.ghosts import ProfileRead


def counted(ledger: Ledger, attempt: Attempt, event: ProfileRead) -> int:
    """Return how many complete readings did not show an unknown attempt, with this one."""
    counts = event.complete and ledger.began_after(event, attempt.unknown_at)
    return attempt.readings + counts


def read(ledger: Ledger, event: ProfileRead, at: datetime) -> Ledger:
    """Count a complete sweep for each unknown, and move the mark sweeps go back to.

    One that ended too early moves the mark, too: were the marked post deleted, or never reached on
    a long profile, no sweep would be complete again.
    """
    mark = ledger.sweep.mark or _mark(ledger, event, at, LATE_SIGHTING)
    if ledger.goes_on(event):
        shown = ledger.sweep.shown + len(event.posts)
        return replace(ledger, sweep=replace(ledger.sweep, shown=shown, mark=mark))
    ended = replace(ledger, sweep=Sweep(began=ledger.sweep.began))
    if not event.complete and not event.posts:
        return ended
    attempts = {
        key: replace(a, readings=counted(ledger, a, event)) if a.standing is Standing.UNKNOWN else a
        for key, a in ledger.attempts.items()
    }
    if mark is None and not event.complete:
        mark = _mark(ledger, event, at, timedelta())
    return replace(ended, attempts=attempts, reconciled=mark or ledger.reconciled)


def _mark(ledger: Ledger, event: ProfileRead, at: datetime, patience: timedelta) -> str | None:
    """Return the newest known post that is older than what may still appear.

    An abandoned attempt is waited for with this patience; other open ones always are.
    """
    awaited = [
        a.attempted_at - CLOCK_TOLERANCE
        for a in ledger.attempts.values()
        if a.standing is not Standing.ABANDONED or at - a.attempted_at < patience
    ]
    oldest_open = min(awaited, default=None)
    for post in event.posts:
        old_enough = oldest_open is None or (post.posted_at and post.posted_at < oldest_open)
        if post.post_id in ledger.posts and old_enough:
            return post.post_id
    return None
