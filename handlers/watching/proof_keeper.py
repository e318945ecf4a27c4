"""Proof keeper: every ten minutes one event says whether production is healthy and ghost-free.

`log_root_hash` is the newest head of the tree over the log, `log_position` the last event that it
covers; as long as no head is on record, the position is that of the due event.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec
from msgspec.structs import replace

from handlers.in_force import whole_account
from handlers.queueing import waiting
from schema.builds import UNKNOWN
from schema.catalogue import type_of
from schema.contracts import Fold, Handler, Recorded
from schema.events.alerting import AlertRaised
from schema.events.base import Event
from schema.events.challenging import SiteChallenged
from schema.events.fetching import FetchCompleted, FetchFailed, FetchStarted
from schema.events.ghosts import GhostDetected
from schema.events.judging import CandidateRejected
from schema.events.operations import (
    Job,
    JobDue,
    MessageParked,
    ProofRolledUp,
    UnhandledException,
    WorkerStarted,
)
from schema.events.permitting import PermitCreated, PermitRejected
from schema.events.posting import (
    ClickBlocked,
    LateClickDetected,
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingFailed,
    PostingSuccess,
)
from schema.events.proving import TreeHead
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.events.scheduling import SchedulerStarted, SlotFailed
from schema.severity import is_error

Hears = (
    JobDue
    | WorkerStarted
    | FetchStarted
    | FetchCompleted
    | FetchFailed
    | CandidateQueued
    | CandidateSelected
    | CandidateReleased
    | CandidateExpired
    | CandidateRejected
    | SchedulerStarted
    | SlotFailed
    | PermitCreated
    | PermitRejected
    | PostingFailed
    | PostingSuccess
    | LateConfirmed
    | OutcomeUnknown
    | OutcomeAbandoned
    | LateClickDetected
    | GhostDetected
    | ClickBlocked
    | SiteChallenged
    | UnhandledException
    | MessageParked
    | AlertRaised
    | TreeHead
)

LONGEST = timedelta(hours=2)
COUNTED = (FetchStarted, FetchCompleted, SchedulerStarted, PermitCreated, GhostDetected)


class Tally(msgspec.Struct, frozen=True):
    """Times of what is counted over windows, what stands now, and the newest head of the tree."""

    times: dict[str, tuple[datetime, ...]] = {}
    posted: tuple[tuple[datetime, str], ...] = ()
    waiting: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    last_error: str | None = None
    running_sha: str = UNKNOWN
    sealed: int = 0
    root: str | None = None


class States(msgspec.Struct, frozen=True):
    """What the proof keeper remembers."""

    tally: Tally


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[ProofRolledUp]:
    """Roll up when due; everything else is only remembered."""
    event = recorded.event
    if isinstance(event, JobDue) and event.job is Job.PROOF:
        return [_rolled_up(states.tally, recorded)]
    return []


def _rolled_up(tally: Tally, recorded: Recorded[Hears]) -> ProofRolledUp:
    def count(event_type: str, **window: int) -> int:
        since = recorded.at - timedelta(**window)
        return sum(at > since for at in tally.times.get(event_type, ()))

    used_since = recorded.at - timedelta(minutes=60)
    posted_since = recorded.at - LONGEST
    return ProofRolledUp(
        fetch_started_15m=count("fetch_started", minutes=15),
        fetch_completed_15m=count("fetch_completed", minutes=15),
        queue_size=len(tally.waiting),
        scheduler_started_60m=count("scheduler_started", minutes=60),
        permits_created_60m=count("permit_created", minutes=60),
        permits_used_60m=sum(at > used_since for at, _ in tally.posted),
        posted_tweet_ids_last_2h=tuple(post for at, post in tally.posted if at > posted_since),
        new_ghosts_last_2h=count("ghost_detected", hours=2),
        unknown_outcomes=len(tally.unknown),
        last_error_event=tally.last_error,
        running_sha=tally.running_sha,
        log_position=tally.sealed - 1 if tally.root else recorded.position,
        log_root_hash=tally.root,
    )


def _evolve(tally: Tally, recorded: Recorded[Any]) -> Tally:
    event, at = recorded.event, recorded.at
    if isinstance(event, COUNTED):
        tally = _counted(tally, type_of(event), at)
    if is_error(event):
        tally = replace(tally, last_error=_named(event))
    match event:
        case WorkerStarted():
            return replace(tally, running_sha=event.git_sha)
        case (
            CandidateQueued()
            | CandidateReleased()
            | CandidateSelected()
            | CandidateExpired()
            | CandidateRejected()
        ):
            queue = waiting.evolve(waiting.Waiting(tally.waiting), recorded)
            return replace(tally, waiting=queue.items)
        case PostingSuccess() | LateConfirmed():
            recent = tuple(pair for pair in tally.posted if pair[0] > at - LONGEST)
            unknown = _without(tally.unknown, event.permit_id)
            return replace(tally, posted=(*recent, (at, event.posted_id)), unknown=unknown)
        case OutcomeUnknown():
            return replace(tally, unknown=_with(tally.unknown, event.permit_id))
        case OutcomeAbandoned():
            return replace(tally, unknown=_without(tally.unknown, event.permit_id))
        case TreeHead():
            return replace(tally, sealed=event.size, root=event.root)
        case _:
            return tally


def _named(event: Event) -> str:
    """Return the event's name; of a refusal and an alert also which, for most are no error."""
    if isinstance(event, PermitRejected):
        return f"{type_of(event)}_{event.reason_code}"
    if isinstance(event, AlertRaised):
        return f"{type_of(event)}_{event.alert}"
    return type_of(event)


def _counted(tally: Tally, event_type: str, at: datetime) -> Tally:
    recent = tuple(time for time in tally.times.get(event_type, ()) if time > at - LONGEST)
    return replace(tally, times=tally.times | {event_type: (*recent, at)})


def _with(names: tuple[str, ...], name: object) -> tuple[str, ...]:
    return names if str(name) in names else (*names, str(name))


def _without(names: tuple[str, ...], name: object) -> tuple[str, ...]:
    return tuple(known for known in names if known != str(name))


proof_keeper = Handler(
    name="proof_keeper",
    hears=get_args(Hears),
    says=(ProofRolledUp,),
    folds={"tally": Fold(state=Tally, initial=Tally(), key=whole_account, evolve=_evolve)},
    states=States,
    decide=decide,
    jobs=(Job.PROOF,),
)
