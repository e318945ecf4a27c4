"""A story told in events: what a test's log is given, from the first fetch to the post."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from schema.contracts import Command, NewEvent, Recorded
from schema.events.base import Event
from schema.events.drafting import DraftAccepted
from schema.events.fetching import CandidateFound, FetchCompleted, FetchStarted, Trigger
from schema.events.ghosts import GhostDetected
from schema.events.judging import CandidateEvaluated, ModelCalled, Tier, Verdict
from schema.events.operations import Job, JobDue, WatchdogReported, WorkerStarted
from schema.events.permitting import PermitApproved, PermitCreated, PermitRejected, ReasonCode
from schema.events.posting import ClickAttempt, PostingSuccess, Via
from schema.events.queueing import CandidateQueued, CandidateSelected
from schema.events.scheduling import (
    DecisionMade,
    DecisionType,
    SchedulerStarted,
    SlotClosed,
    SlotReason,
)
from schema.ids import Account, EventId, ReadingId, RunId, named
from schema.posts import Post, Source
from tests.doubles.memory_log import MemoryLog
from tests.doubles.memory_store import MemoryStore

ACCOUNT = Account("garden")
START = datetime(2026, 1, 31, 12, tzinfo=UTC)
SHA = "a" * 40
WORKER = named("worker")


@dataclass
class Story:
    """A memory store on a clock that each event moves on by a second."""

    account: Account = ACCOUNT
    now: datetime = START
    ids: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.store = MemoryStore(lambda: self.now)
        self.store.logs[self.account] = MemoryLog(self.account)

    @property
    def rows(self) -> list[Recorded[Any]]:
        """The log so far."""
        return self.store.log(self.account).rows

    def later(self, **by: float) -> None:
        """Let time pass."""
        self.now += timedelta(**by)

    def say(
        self, event: Event, cause: Recorded[Any] | None = None, *, approver: bool = False
    ) -> Recorded[Any]:
        """Append one event; the story fails if the law refuses it."""
        event_id = EventId(named("story", self.account, str(len(self.rows))))
        new = NewEvent(event_id, event, cause=cause.event_id if cause else None)
        (verdict,) = self.store.append_now(
            self.account, [Command((new,))], actor="story", approver=approver
        )
        assert verdict.code == "ok", verdict
        self.later(seconds=1)
        return self.rows[-1]

    # ---- chapters

    def booted(self, sha: str = SHA) -> Recorded[Any]:
        return self.say(
            WorkerStarted(
                worker_id=WORKER,
                git_sha=sha,
                version="1",
                host="here",
                pid=1,
                roles=("all",),
                settings_hash="0",
            )
        )

    def watched(self, sha: str = SHA, worker: UUID = WORKER) -> Recorded[Any]:
        return self.say(
            WatchdogReported(
                worker_id=worker, git_sha=sha, log_position=0, lag={}, backlog={}, queue_size=0
            )
        )

    def due(self, job: Job) -> Recorded[Any]:
        return self.say(JobDue(job=job, slot=self.now, seed=1))

    def fetched(self, new: int = 1, *, ok: bool = True) -> Recorded[Any]:
        run_id = RunId(named("run", str(len(self.rows))))
        due = self.due(Job.FETCH)
        started = self.say(
            FetchStarted(run_id=run_id, trigger=Trigger.DUE, plan=(), deadline_s=230), due
        )
        self.say(FetchCompleted(run_id=run_id, ok=ok, seen=1, new=new, elapsed_ms=5), started)
        return started

    def queued(self, name: str) -> Recorded[Any]:
        """Find, judge and queue a candidate of this name."""
        started = self.fetched()
        post = Post(post_id=f"t-{name}", url=f"http://site/t/{name}", author=name, text="hello")
        ids: dict[str, Any] = {"candidate_id": named("candidate", name)}
        found = self.say(
            CandidateFound(
                **ids, run_id=started.event.run_id, source=Source.KEYWORD, query="q", post=post
            ),
            started,
        )
        self._called("target_judge", found)
        ids |= {"evaluation_id": named("evaluation", name)}
        judged = self.say(
            CandidateEvaluated(
                **ids,
                verdict=Verdict.PASS,
                passed_hard_filters=True,
                reason="good",
                source=Source.KEYWORD,
                post=post,
                tier=Tier.A,
                overall_score=0.9,
            ),
            found,
        )
        ids |= {"queue_id": named("queue", name)}
        self.ids = ids
        return self.say(
            CandidateQueued(
                **ids,
                tier=Tier.A,
                score=0.9,
                source=Source.KEYWORD,
                post=post,
                expires_at=self.now + timedelta(hours=24),
            ),
            judged,
        )

    def foreign(self, name: str) -> Recorded[Any]:
        """Ask for a permit from a source off the allowlist, which is refused."""
        permit = self.permitted(name, pipeline_source="elsewhere")
        refused = PermitRejected(
            **self.ids,
            spends=permit.event_id,
            reason_code=ReasonCode.INVALID_PIPELINE_SOURCE,
            error_message="invalid_pipeline_source",
            pipeline_source="elsewhere",
        )
        return self.say(refused, permit, approver=True)

    def permitted(self, name: str, **changed: Any) -> Recorded[Any]:
        """Let a slot take the candidate, decide, and ask for a permit."""
        self.queued(name)
        run: dict[str, Any] = {"scheduler_run_id": named("slot", name)}
        slot = self.now
        started = self.say(SchedulerStarted(**run, slot=slot, seed=1), self.due(Job.SCHEDULE))
        decision: dict[str, Any] = {"decision_id": named("decision", name)}
        self.say(CandidateSelected(**self.ids, **run, **decision), started)
        self.ids |= run | decision
        target: dict[str, Any] = {
            "target_post_id": f"t-{name}",
            "target_url": f"http://site/t/{name}",
            "target_author": name,
        }
        common: dict[str, Any] = {
            "decision_type": DecisionType.REPLY,
            "pipeline_source": "reply_v2_scheduler",
        }
        self.say(
            DecisionMade(
                **self.ids,
                **common,
                **target,
                source=Source.KEYWORD,
                tier=Tier.A,
                style="concise",
                scheduled_at=slot,
            ),
            started,
        )
        self.ids |= {"permit_id": named("permit", name), "target_post_id": f"t-{name}"}
        known = {"target_is_root": True, "target_in_reply_to": None}
        created = PermitCreated(**(self.ids | common | target | known | changed))
        permit = self.say(created, started)
        self.say(
            SlotClosed(**run, slot=slot, reason=SlotReason.DECIDED, queue_size=1, **decision),
            started,
        )
        return permit

    def attempted(self, name: str, **changed: Any) -> Recorded[Any]:
        """Approve the permit, accept a text, and attempt the click."""
        permit = self.permitted(name, **changed)
        approval = self.say(
            PermitApproved(**self.ids, spends=permit.event_id, ttl_s=1800, approved_by="approver"),
            permit,
            approver=True,
        )
        self._called("reply_generation", approval)
        text = f"a reply to {name}"
        digest = sha256(text.encode()).hexdigest()
        self.say(DraftAccepted(**self.ids, ordinal=0, text=text, text_hash=digest), approval)
        return self.say(
            ClickAttempt(
                **self.ids,
                spends=approval.event_id,
                target_author=name,
                text_hash=digest,
                worker_id=WORKER,
                baseline=None,
            ),
            approval,
        )

    def replied(self, name: str, **changed: Any) -> Recorded[Any]:
        """Tell the whole chain, to a confirmed post ``c-<name>``."""
        attempt = self.attempted(name, **changed)
        return self.say(
            PostingSuccess(
                **self.ids,
                spends=attempt.event_id,
                posted_id=f"c-{name}",
                url=f"http://site/c/{name}",
                via=Via.RESPONSE,
                text_hash=attempt.event.text_hash,
                posted_at=self.now,
            ),
            attempt,
        )

    def haunted(
        self, posted_id: str = "c-ghost", text: str = "boo", **changed: Any
    ) -> Recorded[Any]:
        """Detect a post that nothing explains."""
        fields: dict[str, Any] = {
            "reading_id": ReadingId(named("reading", posted_id)),
            "posted_id": posted_id,
            "url": f"http://site/c/{posted_id}",
            "text": text,
            "posted_at": self.now,
            "detected_at": self.now,
            "target_post_id": "t-1",
            "missing": ("permit_created", "click_attempt"),
        }
        return self.say(GhostDetected(**(fields | changed)))

    def healthy(self, name: str = "marta") -> None:
        """Everything that a certification asks for."""
        self.booted()
        self.replied(name)
        for number in range(10):
            self.queued(f"waiting-{number}")
        self.permitted(f"{name}-2")
        self.permitted(f"{name}-3")
        self.watched()

    def _called(self, purpose: str, cause: Recorded[Any]) -> None:
        self.say(
            ModelCalled(
                purpose=purpose,
                request_id=str(UUID(int=1)),
                model="m",
                prompt_version="1",
                prompt_hash="0",
                prompt_tokens=10,
                completion_tokens=5,
                cost_usd=Decimal("0.0005"),
                latency_ms=3,
                outcome="ok",
            ),
            cause,
        )
