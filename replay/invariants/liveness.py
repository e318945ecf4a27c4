"""L1, L2 and L4: what must end has ended, wherever the part that ends it was at work.

Only a part that had caught up with the log, after a tick of the clock past the deadline, can be
late: while nothing runs, or the site is away, nothing is promised.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar, NamedTuple
from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check
from replay.invariants.clicks import ENDS_AN_ATTEMPT
from schema.events.operations import Job
from schema.rules import PostRules

GRACE = timedelta(minutes=1)
SETTLED_WITHIN = timedelta(minutes=45)


class EndsInTime(Check):
    """Open things with deadlines. `part` is the handler that ends them, `jobs` wake it."""

    part: ClassVar[str]
    jobs: ClassVar[frozenset[Job]]

    def __init__(self) -> None:
        super().__init__()
        self._deadlines: dict[UUID | None, tuple[datetime, int]] = {}
        self._heard: dict[UUID | None, int] = {}

    def opened(self, key: UUID | None, deadline: datetime, position: int) -> None:
        """Expect an end by the deadline and the grace."""
        self._deadlines[key] = (deadline, position)

    def ended(self, key: UUID | None) -> None:
        """Take an end into account."""
        if self._deadlines.pop(key, None) is not None:
            self._heard.pop(key, None)
            self.expect(True, 0, "")

    def _see(self, entry: Entry) -> None:
        if entry.type == "job_due" and entry.event is not None:
            if entry.event.job in self.jobs:
                self._tick(entry)
        elif entry.type == "watchdog_reported" and entry.event is not None:
            if (behind := entry.event.lag.get(self.part)) is not None:
                self._has_read(entry.event.log_position - behind)
        else:
            self._follow(entry)

    def _tick(self, entry: Entry) -> None:
        for key, (deadline, _) in self._deadlines.items():
            if entry.at >= deadline + GRACE:
                self._heard.setdefault(key, entry.position)

    def _has_read(self, size: int) -> None:
        for key in [key for key, heard in self._heard.items() if heard < size]:
            heard = self._heard.pop(key)
            deadline, position = self._deadlines.pop(key)
            why = f"due by {deadline}, not ended by {self.part}, which had read {heard}"
            self.expect(False, position, why)

    def _follow(self, entry: Entry) -> None:
        raise NotImplementedError


TICKS = frozenset({"job_due", "watchdog_reported"})


class Readings(NamedTuple):
    """Complete readings since an attempt, and when the last of them was."""

    times: int
    last: datetime


class AttemptsAreSettled(EndsInTime):
    """Counts complete readings: without them nobody can say what came of a click.

    One of them must have come once the patience with an unknown outcome was over: a profile that
    cannot be read from then on settles nothing.
    """

    id = "L1"
    says = "every attempt has its final outcome within 45 min of a readable profile"
    types = TICKS | ENDS_AN_ATTEMPT | {"click_attempt", "profile_read", "settings_changed"}
    part = "reconciler"
    jobs = frozenset({Job.RECONCILE})

    def __init__(self) -> None:
        super().__init__()
        self._rules = PostRules()
        self._read: dict[UUID | None, Readings] = {}

    def _tick(self, entry: Entry) -> None:
        enough = self._rules.settle_readings + 1
        patience = timedelta(seconds=self._rules.settle_s) + GRACE
        for key, (deadline, _) in self._deadlines.items():
            times, last = self._read[key]
            readable = times >= enough and last >= deadline - SETTLED_WITHIN + patience
            if readable and entry.at >= deadline + GRACE:
                self._heard.setdefault(key, entry.position)

    def _follow(self, entry: Entry) -> None:
        if entry.type == "click_attempt":
            self._read[entry.permit] = Readings(0, entry.at)
            self.opened(entry.permit, entry.at + SETTLED_WITHIN, entry.position)
        elif entry.type in ENDS_AN_ATTEMPT:
            self.ended(entry.permit)
            self._read.pop(entry.permit, None)
        elif entry.event is None:
            return
        elif entry.type == "settings_changed":
            self._rules = entry.event.rules.post
        elif entry.event.complete:
            for key, (times, _) in self._read.items():
                self._read[key] = Readings(times + 1, entry.at)


class ApprovalsEnd(EndsInTime):
    """An approval ends by a click, by expiry or by being taken back."""

    id = "L2"
    says = "every approved permit is attempted, revoked or expired within its life and a minute"
    types = TICKS | {"permit_approved", "click_attempt", "permit_expired", "permit_revoked"}
    part = "permit_warden"
    jobs = frozenset({Job.POST})

    def _follow(self, entry: Entry) -> None:
        if entry.type != "permit_approved":
            self.ended(entry.permit)
        elif entry.expires_at is not None:
            self.opened(entry.permit, entry.expires_at, entry.position)


class QueueItemsEnd(EndsInTime):
    """A decision ends the waiting; a release begins it again."""

    id = "L4"
    says = "every queue item is decided, rejected or expired by its time and a minute"
    types = TICKS | {
        *("candidate_queued", "candidate_released", "candidate_rejected", "candidate_expired"),
        "decision_made",
    }
    part = "queue_keeper"
    jobs = frozenset({Job.POST, Job.WATCHDOG})

    def __init__(self) -> None:
        super().__init__()
        self._expiries: dict[UUID, datetime] = {}

    def _follow(self, entry: Entry) -> None:
        key = getattr(entry.event, "queue_id", None)
        if key is None:
            return
        if entry.type == "candidate_queued":
            self._expiries[key] = entry.event.expires_at
        if entry.type in {"candidate_queued", "candidate_released"}:
            self.opened(key, self._expiries.get(key, entry.at), entry.position)
        else:
            self.ended(key)
