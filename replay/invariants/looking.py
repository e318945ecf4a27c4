"""I20, I28 and I29: not sent, ghost and abandoned are said only with the right to say so."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check
from schema.events.ghosts import GhostKind
from schema.events.posting import NotSentReason
from schema.rules import PostRules

SIGHTINGS = frozenset({"posting_success", "late_confirmed"})

SPOOL = "spool"
"""Who appends what the arming process itself kept on disk while the database was away."""


class NotSentIsKnown(Check):
    """The process that armed the click may say so; another needs the gate's evidence."""

    id = "I20"
    says = "a click is called not sent only by who armed it or by the gate"
    types = frozenset({"click_attempt", "click_not_sent"})

    def __init__(self) -> None:
        super().__init__()
        self._attempts: dict[UUID | None, Entry] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type == "click_attempt":
            self._attempts[entry.permit] = entry
            return
        attempt = self._attempts.get(entry.permit)
        if entry.event is None or attempt is None or attempt.event is None:
            self.expect(attempt is not None, entry.position, "no click attempt before it")
            return
        armed_by, said_by = attempt.event.worker_id, entry.event.worker_id
        by_gate = entry.event.reason in {NotSentReason.GATE, NotSentReason.DENIED}
        itself = said_by == armed_by and entry.actor in {attempt.actor, SPOOL}
        why = f"armed by worker {armed_by}, said by {entry.actor} of worker {said_by}"
        self.expect(by_gate or itself, entry.position, why)


class GhostsAreReal(Check):
    """A post that a permit explained, before or after, was no ghost; a duplicate is."""

    id = "I28"
    says = "no permit explains a post that was called a ghost"
    types = SIGHTINGS | {"ghost_detected"}

    def __init__(self) -> None:
        super().__init__()
        self._explained: dict[str | None, int] = {}
        self._ghosts: dict[str | None, int] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type == "ghost_detected":
            if entry.event is None or entry.event.kind is not GhostKind.DUPLICATE:
                self._ghosts[entry.posted_id] = entry.position
            explained = self._explained.get(entry.posted_id)
            self.expect(explained is None, entry.position, f"explained at {explained}")
            return
        self._explained[entry.posted_id] = entry.position
        ghost = self._ghosts.get(entry.posted_id)
        if ghost is not None and entry.type == "posting_success":
            self.expect(False, ghost, f"{entry.posted_id} was explained later, at {entry.position}")


class AbandonedAfterLooking(Check):
    """Counts complete readings since the attempt, under the rules of the time."""

    id = "I29"
    says = "an outcome is abandoned only after enough complete readings over enough time"
    types = frozenset({"settings_changed", "click_attempt", "profile_read", "outcome_abandoned"})

    def __init__(self) -> None:
        super().__init__()
        self._rules = PostRules()
        self._readings = 0
        self._attempts: dict[UUID | None, tuple[datetime, int]] = {}

    def _see(self, entry: Entry) -> None:
        if entry.type == "click_attempt":
            self._attempts[entry.permit] = (entry.at, self._readings)
        elif entry.type == "outcome_abandoned":
            why = self._haste(entry)
            self.expect(why == "", entry.position, why)
        elif entry.event is not None and entry.type == "profile_read":
            self._readings += entry.event.complete
        elif entry.event is not None:
            self._rules = entry.event.rules.post

    def _haste(self, entry: Entry) -> str:
        if entry.permit not in self._attempts:
            return "no click attempt before it"
        since, readings = self._attempts[entry.permit]
        looked = self._readings - readings
        if looked < self._rules.settle_readings:
            return f"{looked} complete readings, at least {self._rules.settle_readings}"
        if entry.at - since < timedelta(seconds=self._rules.settle_s):
            return f"{entry.at - since} after the attempt, at least {self._rules.settle_s} s"
        return ""
