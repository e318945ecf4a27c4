"""Sweep: one look at our profile from the top, in as many readings as it takes.

A reading ends at its limit, for it must fit into one event. The next one goes on where it stopped,
until the mark is reached, or what predates the log. Otherwise many newer posts would hide an
unsettled attempt for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from handlers.settling.sightings import CLOCK_TOLERANCE, Attempt, Standing
from schema.events.ghosts import ProfileRead

JUDGED_MAX = 240
"""Posts below which a sweep says nothing of ghosts; more than as many again are remembered."""

SHOWN_MAX = 2000
"""Posts after which a sweep ends whatever it was looking for."""


LOST_AFTER = timedelta(minutes=10)
"""A sweep whose reading does not come for so long has ended; a slow one needs less."""


class Sweep(msgspec.Struct, frozen=True):
    """When it began, how many posts it has shown, and the mark it will leave.

    `awaited_since` is set while a reading is ordered and has not come.
    """

    began: datetime | None = None
    awaited_since: datetime | None = None
    shown: int = 0
    mark: str | None = None

    @property
    def deep(self) -> bool:
        """Say whether it is so far down that the ledger may have forgotten what it knew."""
        return self.shown >= JUDGED_MAX

    def under_way(self, now: datetime) -> bool:
        """Say whether a reading is to come; were one begun besides, it would count for nothing."""
        return self.awaited_since is not None and now - self.awaited_since < LOST_AFTER

    def goes_on(
        self, event: ProfileRead, epoch: datetime | None, attempts: Iterable[Attempt]
    ) -> bool:
        """Say whether another reading goes on where this one stopped."""
        if event.complete or not event.posts or _predates(event, epoch):
            return False
        shown = self.shown + len(event.posts)
        wanted = shown < JUDGED_MAX or any(_deeper(attempt, event) for attempt in attempts)
        return wanted and shown < SHOWN_MAX


def _predates(event: ProfileRead, epoch: datetime | None) -> bool:
    oldest = oldest_of(event)
    return epoch is not None and oldest is not None and oldest < epoch - CLOCK_TOLERANCE


def _deeper(attempt: Attempt, event: ProfileRead) -> bool:
    """Say whether only older posts than these can settle the attempt."""
    oldest = oldest_of(event)
    unsettled = attempt.standing is not Standing.ABANDONED
    return unsettled and (oldest is None or oldest >= attempt.attempted_at - CLOCK_TOLERANCE)


def oldest_of(event: ProfileRead) -> datetime | None:
    """Return the time of the oldest post shown, None where the site shows no times."""
    return min((post.posted_at for post in event.posts if post.posted_at), default=None)
