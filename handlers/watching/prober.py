"""Prober: once per build, the scheduler's own path is walked on purpose, under the same law.

It waits while posting is stopped, hours are quiet or nothing can be chosen; a slot that ends
without a decision does not count as the build's probe. A build that nobody can name has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, get_args

import msgspec

from handlers.deciding import board as boards
from handlers.deciding.scheduler import choose
from handlers.in_force import rules_in_force
from handlers.quiet import is_quiet
from handlers.watching.probe import LINKS, Build, Probe, by_account, evolve
from schema.builds import UNKNOWN, same_build
from schema.catalogue import type_of
from schema.contracts import Handler, Recorded
from schema.events.drafting import DraftAccepted, DraftRejected
from schema.events.judging import CandidateRejected
from schema.events.operations import (
    Job,
    JobDue,
    PostingAllowed,
    PostingStopped,
    SettingsChanged,
    WorkerStarted,
)
from schema.events.permitting import PermitApproved, PermitCreated, PermitRejected, ReasonCode
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickNotSent,
    ClickRejected,
    ClickWithheld,
    LateConfirmed,
    OutcomeAbandoned,
    PostingSuccess,
)
from schema.events.proving import ProbeCompleted, ProbePutOff, ProbeStarted
from schema.events.queueing import (
    CandidateExpired,
    CandidateQueued,
    CandidateReleased,
    CandidateSelected,
)
from schema.events.scheduling import DecisionMade, SchedulerStarted, SlotClosed, SlotReason
from schema.ids import SchedulerRunId, derive
from schema.rules import Rules

Ending = (
    PostingSuccess
    | LateConfirmed
    | DraftRejected
    | ClickBlocked
    | ClickWithheld
    | ClickNotSent
    | ClickRejected
    | OutcomeAbandoned
    | PermitRejected
)
Followed = DecisionMade | PermitCreated | PermitApproved | DraftAccepted | ClickAttempt
OfTheBoard = (
    PostingStopped
    | PostingAllowed
    | CandidateQueued
    | CandidateSelected
    | CandidateReleased
    | CandidateExpired
    | CandidateRejected
)
Hears = SettingsChanged | WorkerStarted | JobDue | SlotClosed | Ending | Followed | OfTheBoard
Says = ProbeStarted | SchedulerStarted | ProbePutOff | ProbeCompleted

PUTS_OFF = frozenset({ReasonCode.RATE_LIMITED, ReasonCode.RULES_NOT_SIGNED})
"""Refusals that say nothing about the build."""


class States(msgspec.Struct, frozen=True):
    """What the prober remembers."""

    rules: Rules
    board: boards.Board
    build: Build


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Start a probe where one is due, and say how far it came."""
    event, probe = recorded.event, states.build.probe
    match event:
        case JobDue(job=Job.WATCHDOG):
            return _on_watch(states, event, recorded)
        case SlotClosed():
            mine = probe is not None and probe.scheduler_run_id == event.scheduler_run_id
            if not mine or probe is None or event.reason is SlotReason.DECIDED:
                return []
            return [_put_off(probe, event.reason)]
        case DraftRejected(final=False):
            return []
        case (
            PostingSuccess()
            | LateConfirmed()
            | DraftRejected()
            | ClickBlocked()
            | ClickWithheld()
            | ClickNotSent()
            | ClickRejected()
            | OutcomeAbandoned()
            | PermitRejected()
        ):
            return _ended(states.build, event, recorded)
        case _:  # heard only to be remembered
            return []


def _on_watch(states: States, event: JobDue, recorded: Recorded[Any]) -> list[Says]:
    build, rules, now = states.build, states.rules, recorded.at
    if build.probe is not None:
        late = now - build.probe.started_at >= timedelta(seconds=rules.watch.probe_ends_s)
        quiet = is_quiet(rules.schedule, now, event.utc_offset_min)
        return [_given_up(states.board, build.probe, quiet=quiet)] if late else []
    why = _why(build, rules, now)
    if why is None or not _possible(states, event, now):
        return []
    run_id = SchedulerRunId(derive(recorded.event_id, "probe_run"))
    started = ProbeStarted(
        probe_id=derive(recorded.event_id, "probe"),
        git_sha=build.git_sha,
        scheduler_run_id=run_id,
        why=why,
    )
    slot = SchedulerStarted(
        scheduler_run_id=run_id,
        slot=now,
        seed=event.seed,
        utc_offset_min=event.utc_offset_min,
    )
    return [started, slot]


def _why(build: Build, rules: Rules, now: datetime) -> str | None:
    if build.git_sha in {"", UNKNOWN}:  # two such builds could not be told apart
        return None
    if any(same_build(build.git_sha, sha) for sha in build.probed):
        return None
    if not build.proved:
        return "no whole chain since this build started"
    unused = timedelta(seconds=rules.watch.probe_unused_s)
    return "no permit was used lately" if build.used_at and now - build.used_at >= unused else None


def _possible(states: States, event: JobDue, now: datetime) -> bool:
    board, rules = states.board, states.rules
    if board.stops or is_quiet(rules.schedule, now, event.utc_offset_min):
        return False
    put_off_at, again = states.build.put_off_at, timedelta(seconds=rules.watch.probe_again_s)
    if put_off_at is not None and now - put_off_at < again:
        return False
    return choose(board, rules.permit, now) is not None


def _ended(build: Build, event: Ending, recorded: Recorded[Any]) -> list[Says]:
    probe = build.probe
    if probe is None or event.scheduler_run_id != probe.scheduler_run_id:
        return []
    if isinstance(event, PermitRejected) and event.reason_code in PUTS_OFF:
        return [_put_off(probe, event.reason_code)]
    after = evolve(build, recorded).probe or probe
    posted_id = event.posted_id if isinstance(event, PostingSuccess | LateConfirmed) else None
    return [_completed(after, posted_id, type_of(event))]


def _given_up(board: boards.Board, probe: Probe, *, quiet: bool) -> ProbePutOff | ProbeCompleted:
    """End a probe that takes too long; what holds posting back says nothing of the build."""
    if board.stops:
        return _put_off(probe, SlotReason.POSTING_DISABLED)
    if quiet:
        return _put_off(probe, SlotReason.RATE_LIMITED)
    return _completed(probe, None, "took too long")


def _put_off(probe: Probe, reason: str) -> ProbePutOff:
    return ProbePutOff(
        probe_id=probe.probe_id,
        git_sha=probe.git_sha,
        scheduler_run_id=probe.scheduler_run_id,
        reason=str(reason),
    )


def _completed(probe: Probe, posted_id: str | None, reason: str) -> ProbeCompleted:
    missing = tuple(link for link in LINKS if link not in probe.links)
    return ProbeCompleted(
        probe_id=probe.probe_id,
        git_sha=probe.git_sha,
        scheduler_run_id=probe.scheduler_run_id,
        ok=not missing,
        evaluation_id=probe.evaluation_id,
        queue_id=probe.queue_id,
        decision_id=probe.decision_id,
        permit_id=probe.permit_id,
        posted_id=posted_id,
        missing=missing,
        reason=reason,
    )


prober = Handler(
    name="prober",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={"rules": rules_in_force, "board": boards.by_account, "build": by_account},
    states=States,
    decide=decide,
    jobs=(Job.WATCHDOG,),
)
