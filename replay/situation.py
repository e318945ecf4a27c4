"""How an account stands at the end of its log: stops, due times, runs, open questions."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from replay.certification.evidence import CERTIFIED_TYPES, Evidence
from replay.certification.ghosts import open_ghosts
from schema.contracts import Recorded
from schema.events.fetching import FetchCompleted
from schema.events.ghosts import ReconciliationCompleted
from schema.events.operations import JobDue
from schema.events.posting import (
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingPassClosed,
    PostingSuccess,
)
from schema.events.scheduling import SlotClosed

SITUATION_TYPES = (
    *CERTIFIED_TYPES,
    "job_due",
    "posting_pass_closed",
    "reconciliation_completed",
    "outcome_unknown",
    "outcome_abandoned",
)
"""The types that `Situation.see` wants."""

RUNS_KEPT = 30  # what fits a screen


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run of a job, and how it went."""

    position: int
    at: datetime
    what: str
    result: str


class Situation:
    """Gathers in one pass what a status screen shows."""

    def __init__(self) -> None:
        self.evidence = Evidence()
        self.due: dict[str, datetime] = {}
        self.unknown: set[UUID] = set()
        self.runs: deque[Run] = deque(maxlen=RUNS_KEPT)

    def see(self, recorded: Recorded[Any]) -> None:
        """Take the next event into account."""
        if recorded.type in self.evidence.of:
            self.evidence.see(recorded)
        self._follow(recorded.event)
        if (run := _run(recorded)) is not None:
            self.runs.append(run)

    @property
    def worker_seen(self) -> datetime | None:
        """When a worker last reported."""
        of = self.evidence.of
        seen = [*of["worker_started"][-1:], *of["watchdog_reported"][-1:]]
        return max((one.at for one in seen), default=None)

    @property
    def open_ghosts(self) -> int:
        """How many ghosts nobody has answered for."""
        return len(open_ghosts(self.evidence))

    def _follow(self, event: Any) -> None:
        match event:
            case JobDue():
                self.due[event.job] = event.slot
            case OutcomeUnknown():
                self.unknown.add(event.permit_id)
            case PostingSuccess() | OutcomeAbandoned():
                self.unknown.discard(event.permit_id)
            case _:
                pass


def _run(recorded: Recorded[Any]) -> Run | None:
    match recorded.event:
        case FetchCompleted(ok=ok, seen=seen, new=new):
            what, result = "fetch", f"{'ok' if ok else 'FAILED'}: {seen} seen, {new} new"
        case SlotClosed(reason=reason, queue_size=size):
            what, result = "schedule", f"{reason}, {size} in the queue"
        case PostingPassClosed(found=found, ordered=ordered, skipped=skipped):
            why = f", skipped: {skipped}" if skipped else ""
            what, result = "post", f"{ordered} of {found} ordered{why}"
        case ReconciliationCompleted(seen=seen, ghosts=ghosts, complete=complete):
            partly = "" if complete else " (incomplete)"
            what, result = "reconcile", f"{seen} seen{partly}, {ghosts} ghosts"
        case _:
            return None
    return Run(recorded.position, recorded.at, what, result)
