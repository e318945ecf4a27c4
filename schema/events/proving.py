"""Proving: the tree over the log, the probe of a new build, and certifications on record."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from schema.events.base import Event
from schema.ids import (
    DecisionId,
    EvaluationId,
    PermitId,
    QueueId,
    SchedulerRunId,
)


class TreeHead(Event, frozen=True, kw_only=True):
    """The RFC 6962 tree over the leaves of the first `size` events; hashes in hex.

    `peaks` are the roots of its complete subtrees, largest first: enough to go on from here.
    """

    size: int
    root: str
    peaks: tuple[str, ...]


class OfProbe(Event, frozen=True, kw_only=True):
    """About one probe, which is a trace of its own."""

    probe_id: UUID
    git_sha: str
    scheduler_run_id: SchedulerRunId

    def chain(self) -> UUID | None:
        """Return the id that names this trace."""
        return self.probe_id


class ProbeStarted(OfProbe, frozen=True, kw_only=True):
    """The build takes the scheduler's own path once, under the same law, to prove that it works."""

    why: str


class ProbePutOff(OfProbe, frozen=True, kw_only=True):
    """The probe's slot ended without a decision; the build may be probed again."""

    reason: str


class ProbeCompleted(OfProbe, frozen=True, kw_only=True):
    """How far the probe came: the ids of its chain, and the links that are missing."""

    ok: bool
    evaluation_id: EvaluationId | None
    queue_id: QueueId | None
    decision_id: DecisionId | None
    permit_id: PermitId | None
    posted_id: str | None
    missing: tuple[str, ...]
    reason: str


class CertificationRecorded(Event, frozen=True, kw_only=True):
    """Somebody certified, and kept the answer: checks are ``A:pass`` and the like."""

    verdict: str
    blocker: str | None
    at: datetime
    checks: tuple[str, ...]
    by: str
