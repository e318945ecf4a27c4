"""The probe's memory: the build that runs, whether it has proved itself, and the probe's chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec.structs import replace

from handlers.in_force import whole_account
from schema.builds import same_build
from schema.catalogue import type_of
from schema.contracts import Fold, Recorded
from schema.events.base import OfDecision, OfPermit
from schema.events.operations import WorkerStarted
from schema.events.posting import LateConfirmed, PostingSuccess
from schema.events.proving import ProbeCompleted, ProbePutOff, ProbeStarted
from schema.events.scheduling import DecisionMade
from schema.ids import DecisionId, EvaluationId, PermitId, QueueId, SchedulerRunId

LINKS = (
    "decision_made",
    "permit_created",
    "permit_approved",
    "draft_accepted",
    "click_attempt",
    "posting_success",
)
"""What a whole chain has, after its slot."""


BUILDS_MAX = 200
"""Builds whose probe is remembered; an older one that comes back is probed again."""


class Probe(msgspec.Struct, frozen=True):
    """The probe under way, as far as it has come."""

    probe_id: UUID
    git_sha: str
    scheduler_run_id: SchedulerRunId
    started_at: datetime
    evaluation_id: EvaluationId | None = None
    queue_id: QueueId | None = None
    decision_id: DecisionId | None = None
    permit_id: PermitId | None = None
    links: tuple[str, ...] = ()


class Build(msgspec.Struct, frozen=True):
    """The newest build, what it has proved, and the builds that had their probe."""

    git_sha: str = ""
    proved: bool = False
    used_at: datetime | None = None
    probed: tuple[str, ...] = ()
    put_off_at: datetime | None = None
    probe: Probe | None = None


def evolve(build: Build, recorded: Recorded[Any]) -> Build:
    """Follow the build and its probe."""
    event = recorded.event
    match event:
        case WorkerStarted() if not same_build(event.git_sha, build.git_sha):
            return replace(build, git_sha=event.git_sha, proved=False, put_off_at=None)
        case ProbeStarted():
            started = Probe(event.probe_id, event.git_sha, event.scheduler_run_id, recorded.at)
            probed = (*build.probed, event.git_sha)[-BUILDS_MAX:]
            return replace(build, probe=started, probed=probed)
        case ProbePutOff():
            left = tuple(sha for sha in build.probed if sha != event.git_sha)
            return replace(build, probe=None, probed=left, put_off_at=recorded.at)
        case ProbeCompleted():
            return replace(build, probe=None)
        case PostingSuccess() | LateConfirmed():
            whole = None not in (event.candidate_id, event.evaluation_id, event.queue_id)
            proved = build.proved or whole
            return _linked(replace(build, used_at=recorded.at, proved=proved), event)
        case OfDecision():
            return _linked(build, event)
        case _:
            return build


def _linked(build: Build, event: OfDecision) -> Build:
    probe = build.probe
    if probe is None or event.scheduler_run_id != probe.scheduler_run_id:
        return build
    name = "posting_success" if isinstance(event, LateConfirmed) else type_of(event)
    if name in LINKS and name not in probe.links:
        probe = replace(probe, links=(*probe.links, name))
    if isinstance(event, DecisionMade):
        probe = replace(
            probe,
            evaluation_id=event.evaluation_id,
            queue_id=event.queue_id,
            decision_id=event.decision_id,
        )
    if isinstance(event, OfPermit):
        probe = replace(probe, permit_id=event.permit_id)
    return replace(build, probe=probe)


by_account: Fold[Build] = Fold(state=Build, initial=Build(), key=whole_account, evolve=evolve)
