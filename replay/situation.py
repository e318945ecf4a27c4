"""How an account stands at the end of its log: stops, due times, runs, open questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from replay.certification.evidence import Evidence
from replay.certification.ghosts import open_ghosts
from replay.certification.reading import gathered, place_of
from replay.moment import NOW
from replay.reading import backwards, between
from replay.source import Log
from schema.contracts import Recorded
from schema.events.fetching import FetchCompleted
from schema.events.ghosts import ReconciliationCompleted
from schema.events.operations import JobDue
from schema.events.posting import OutcomeAbandoned, OutcomeUnknown, PostingPassClosed
from schema.events.scheduling import SlotClosed
from schema.ids import Account, PermitId

RUN_TYPES = ("fetch_completed", "slot_closed", "posting_pass_closed", "reconciliation_completed")
DOUBT_TYPES = ("outcome_unknown", "outcome_abandoned")
RUNS_KEPT = 30  # what fits a screen


@dataclass(frozen=True, slots=True)
class Run:
    """One finished run of a job, and how it went."""

    position: int
    at: datetime
    what: str
    result: str


@dataclass(frozen=True, slots=True)
class Situation:
    """What a status screen shows: `due` is the newest slot by job, `runs` end with the newest."""

    events: int
    evidence: Evidence
    due: Mapping[str, datetime]
    unknown: Collection[PermitId]
    runs: Sequence[Run]

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


async def situation_of(
    log: Log, account: Account, jobs: Collection[str], now: datetime
) -> Situation:
    """Read how the account stands: from the log's end back, for it may be years long."""
    place = await place_of(log, account, NOW, now)
    evidence = await gathered(log, account, place, timedelta(), ("watchdog_reported",))
    return Situation(
        events=place.size,
        evidence=evidence,
        due=await _due(log, account, place.size, jobs),
        unknown=await _unknown(log, account, place.size, evidence),
        runs=await _runs(log, account, place.size),
    )


async def _due(log: Log, account: Account, size: int, jobs: Collection[str]) -> dict[str, datetime]:
    due: dict[str, datetime] = {}
    async for piece in backwards(log, account, ("job_due",), size):
        for recorded in reversed(piece):
            if isinstance(recorded.event, JobDue):
                due.setdefault(recorded.event.job, recorded.event.slot)
        if due.keys() >= set(jobs):
            break
    return due


async def _unknown(log: Log, account: Account, size: int, evidence: Evidence) -> set[PermitId]:
    """Return the permits of which nobody can say yet whether they led to a post."""
    doubts = await between(log, account, DOUBT_TYPES, 0, size)
    asked = {one.event.permit_id for one in doubts if isinstance(one.event, OutcomeUnknown)}
    ended = [one for one in doubts if isinstance(one.event, OutcomeAbandoned)]
    known = [*ended, *evidence.of["posting_success"]]
    return asked - {one.event.permit_id for one in known}


async def _runs(log: Log, account: Account, size: int) -> list[Run]:
    runs: list[Run] = []
    async for piece in backwards(log, account, RUN_TYPES, size):
        runs = [run for one in piece if (run := _run(one)) is not None] + runs
        if len(runs) >= RUNS_KEPT:
            break
    return runs[-RUNS_KEPT:]


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
