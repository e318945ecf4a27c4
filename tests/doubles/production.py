"""An afternoon of production, minute by minute: reports, fetches, slots, sometimes a reply."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from schema.events.operations import Job
from schema.events.queueing import CandidateExpired
from schema.events.scheduling import SchedulerStarted, SlotClosed, SlotReason
from schema.ids import named
from tests.doubles.story import SHA, Story

EVERY_MIN = 5  # reports and fetches
SLOT_MIN = 15


class Production:
    """Tells a story on; what happens in a slot is what `slot` says: replied, permitted or empty."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.minute = 0
        self.sha = SHA
        self._begin = story.now

    @property
    def now(self) -> datetime:
        """The time that the story has reached."""
        return self.story.now

    def boot(self, sha: str = SHA) -> None:
        """Start a worker of this build."""
        self.sha = sha
        self.story.booted(sha)

    def run(self, minutes: int, *, slot: str = "replied", found: int = 3) -> None:
        """Let time pass with a worker alive; each fetch queues so many candidates."""
        for _ in range(minutes):
            self.minute += 1
            self.story.now = max(self.now, self._begin + timedelta(minutes=self.minute))
            if self.minute % EVERY_MIN == 0:
                self._fetch(found)
            if self.minute % SLOT_MIN == 0:
                getattr(self, slot)(f"{self.minute}")

    def _fetch(self, found: int) -> None:
        self.story.watched(self.sha)
        for number in range(found):
            self.story.queued(f"c{self.minute}-{number}")
        if not found:
            self.story.fetched(new=0)

    def replied(self, name: str) -> None:
        """Close a slot whose decision ends in a post."""
        self.story.replied(f"s{name}")

    def permitted(self, name: str) -> None:
        """Close a slot with a permit, of which nothing comes."""
        self.story.permitted(f"s{name}")

    def empty(self, name: str) -> None:
        """Close a slot that finds nothing in the queue."""
        self._undecided(name, SlotReason.QUEUE_EMPTY)

    def quiet(self, name: str) -> None:
        """Close a slot in quiet hours."""
        self._undecided(name, SlotReason.RATE_LIMITED, "quiet hours 22:30-07:00 UTC")

    def _undecided(self, name: str, reason: SlotReason, detail: str = "") -> None:
        run: dict[str, Any] = {"scheduler_run_id": named("slot", f"s{name}")}
        due = self.story.due(Job.SCHEDULE)
        started = self.story.say(SchedulerStarted(**run, slot=self.now, seed=1), due)
        closed = SlotClosed(
            **run, slot=self.now, reason=reason, queue_size=0, decision_id=None, detail=detail
        )
        self.story.say(closed, started)

    def starve(self) -> None:
        """Let everything in the queue run out of time."""
        left: dict[Any, Any] = {}
        for row in self.story.rows:
            if row.type == "candidate_queued":
                left[row.event.queue_id] = row.event
            elif row.type == "candidate_selected":
                left.pop(row.event.queue_id)
        for item in left.values():
            ids = ("candidate_id", "evaluation_id", "queue_id")
            self.story.say(CandidateExpired(**{name: getattr(item, name) for name in ids}))
