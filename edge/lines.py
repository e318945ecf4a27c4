"""The lines that operators grep for, each made from one event: the only place that words them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from schema.contracts import Recorded
from schema.events.base import tag_of
from schema.events.drafting import DraftAccepted, DraftCreated, DraftFailed, DraftRejected
from schema.events.learning import (
    ArmsTrained,
    MetricsPassClosed,
    OutcomeRecorded,
    SkippedReason,
    TrainingSkipped,
)
from schema.events.money import ModelReserved, WithheldReason
from schema.events.permitting import PermitCreated
from schema.events.posting import LateConfirmed, PassSkip, PostingPassClosed, PostingSuccess
from schema.events.scheduling import DecisionMade, SchedulerStarted

POSTING, LEARNING = "POSTING_ORCHESTRATOR", "LEARN_JOB"
ANALYTICS, SCHEDULING = "ANALYTICS_COLLECTOR", "SCHEDULER"

Told = (
    ModelReserved
    | SchedulerStarted
    | PermitCreated
    | DraftAccepted
    | DraftRejected
    | DraftFailed
    | PostingPassClosed
    | PostingSuccess
    | LateConfirmed
    | MetricsPassClosed
    | OutcomeRecorded
    | ArmsTrained
    | TrainingSkipped
)
EARLIER = tuple(tag_of(kind.__name__) for kind in (DecisionMade, DraftCreated))
"""Types of the same trace that the line of an accepted draft needs."""


@dataclass(frozen=True)
class Line:
    """One line as operators know it, ``[PART] said``, and the same as fields."""

    part: str
    said: str
    fields: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The line as the console prints it: one line, whatever came from outside."""
        said = " ".join(self.said.split())
        return f"[{self.part}] {''.join(sign for sign in said if sign.isprintable())}"


def listening(host: str, port: int) -> Line:
    """Return the line of a health server that is up; it has no event, as nothing else is up yet."""
    return Line("HEALTH", f"✅ Listening on {host}:{port}", {"host": host, "port": port})


def lines_of(event: Told, earlier: Sequence[Recorded[Any]] = ()) -> list[Line]:
    """Return what is said of an event; `earlier` are those of `EARLIER` in its trace."""
    match event:
        case DraftAccepted():
            # 0: a renewed permit keeps the text that was told of already
            return _queued(event, earlier) if event.ordinal else []
        case PostingPassClosed():
            return _passed(event)
        case ModelReserved() | SchedulerStarted() | PermitCreated():
            return [_on_the_way(event)]
        case DraftRejected() | DraftFailed():
            return [_not_queued(event)]
        case PostingSuccess() | LateConfirmed() | MetricsPassClosed() | OutcomeRecorded():
            return [_posted(event)]
        case ArmsTrained() | TrainingSkipped():
            return [_learned(event)]


def _on_the_way(event: ModelReserved | SchedulerStarted | PermitCreated) -> Line:
    match event:
        case ModelReserved():
            call = {"purpose": event.purpose, "model": event.model}
            return Line("OPENAI", f"using budgeted client {_pairs(call)}", call)
        case SchedulerStarted():
            run = str(event.scheduler_run_id)
            return Line(SCHEDULING, f"✅ Job start logged: {run}", {"scheduler_run_id": run})
        case PermitCreated():
            permit = str(event.permit_id)
            return Line(SCHEDULING, f"✅ Permit created: {permit}", {"permit_id": permit})


def _not_queued(event: DraftRejected | DraftFailed) -> Line:
    decision = {"decision_id": str(event.decision_id)}
    if isinstance(event, DraftRejected):
        gate = str(event.gate or "no draft")
        said = f"⛔ {gate} {_pairs(decision)}: {event.why}"
        return Line("GATE_CHAIN", said, decision | {"gate": gate, "why": event.why})
    why = "circuit open" if event.outcome == WithheldReason.CIRCUIT else event.outcome
    fields = decision | {"outcome": event.outcome}
    return Line(_job(event), f"OpenAI {why} → not queueing", fields)


def _posted(event: PostingSuccess | LateConfirmed | MetricsPassClosed | OutcomeRecorded) -> Line:
    match event:
        case PostingSuccess() | LateConfirmed():
            ids = {"tweet_id": event.posted_id, "decision_id": str(event.decision_id)}
            return Line(POSTING, f"✅ Posted successfully {_pairs(ids)}", ids)
        case MetricsPassClosed():
            said = f"📋 Found {event.found} posts needing metrics"
            return Line(ANALYTICS, said, {"found": event.found})
        case OutcomeRecorded():
            return _recorded(event)


def _queued(event: DraftAccepted, earlier: Sequence[Recorded[Any]]) -> list[Line]:
    slot, synthetic = "", False
    for one in (recorded.event for recorded in earlier):
        if not isinstance(one, DecisionMade | DraftCreated) or one.decision_id != event.decision_id:
            continue  # of another decision about the same candidate, or erased
        if isinstance(one, DecisionMade):
            slot = one.scheduled_at.isoformat()
        elif one.ordinal == event.ordinal:
            synthetic = one.synthetic
    fields = {"decision_id": str(event.decision_id), "scheduled_at": slot}
    passed = Line("GATE_CHAIN", f"✅ passed decision_id={event.decision_id}", fields)
    kind = "content" if event.candidate_id is None else "reply"
    written = f"Synthetic {kind}" if synthetic else f"Real LLM {kind}"
    said = f"✅ {written} queued {_pairs(fields)}"
    return [passed, Line(_job(event), said, fields | {"synthetic": synthetic})]


def _passed(event: PostingPassClosed) -> list[Line]:
    found = {"found": event.found, "ordered": event.ordered}
    lines = [Line(POSTING, f"📋 Found {event.found} decisions in queue", found)]
    stopped = event.skipped is PassSkip.POSTING_DISABLED
    why = "POSTING_DISABLED=true" if stopped else str(event.skipped)
    for decision_id in event.skipped_decisions:
        said = f"⏭️ Skipped posting decision_id={decision_id}: {why}"
        lines.append(Line(POSTING, said, {"decision_id": str(decision_id), "why": why}))
    return lines


def _recorded(event: OutcomeRecorded) -> Line:
    rate = "n/a" if event.er is None else f"{event.er * 100:.2f}"
    kind = "simulated" if event.simulated else "real"
    said = f"✅ Stored {kind} outcome decision_id={event.decision_id} ER={rate}%"
    fields = {"decision_id": str(event.decision_id), "er": event.er, "simulated": event.simulated}
    return Line(ANALYTICS, said, fields)


def _learned(event: ArmsTrained | TrainingSkipped) -> Line:
    if isinstance(event, ArmsTrained):
        ratio = f"{event.explore_ratio:.2f}"
        said = f"✅ arms_trained={event.arms} explore_ratio={ratio} coeffs_updated=v{event.version}"
        numbers = {"arms_trained": event.arms, "explore_ratio": event.explore_ratio}
        return Line(LEARNING, said, numbers | {"coeffs_updated": event.version})
    why = "not in live mode"
    if event.reason is SkippedReason.INSUFFICIENT_OUTCOMES:
        why = f"insufficient real outcomes (need {event.need})"
    fields = {"reason": str(event.reason), "have": event.have, "need": event.need}
    return Line(LEARNING, f"⚠️ Training skipped: {why}", fields)


def _job(event: DraftAccepted | DraftFailed) -> str:
    """Return who asked for the text: an original post has no candidate."""
    return "PLAN_JOB" if event.candidate_id is None else "REPLY_JOB"


def _pairs(fields: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in fields.items())
