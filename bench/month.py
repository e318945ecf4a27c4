"""A month of one busy account in events: what a log of a million of them looks like.

Every five minutes a fetch with its candidates, every fifteen a slot with a reply that goes the
whole way to its post; besides them the clock, the watchdog, the proof and readings of the profile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

from bench.replies import reply
from schema.events.base import Event
from schema.events.fetching import (
    CandidateFound,
    FetchCompleted,
    FetchFailed,
    FetchStarted,
    FullCycleCompleted,
    SourceCompleted,
    Trigger,
)
from schema.events.ghosts import GhostDetected, ProfileReadOrdered, ReconciliationCompleted
from schema.events.judging import (
    CandidateEvaluated,
    CandidateJudged,
    CandidateRejected,
    JudgementRequested,
    ModelCalled,
    Tier,
    Verdict,
)
from schema.events.money import ModelReserved
from schema.events.operations import Job, JobDue, ProofRolledUp, WatchdogReported, WorkerStarted
from schema.events.queueing import CandidateQueued
from schema.ids import EvaluationId
from schema.posts import Post, Source

CANDIDATES = 14  # a fetch; about half of them reach the judge, a fifth of those the queue
SHA = "b" * 40
TIERS = (Tier.A, Tier.B, Tier.C)


@dataclass
class Month:
    """The account's days, event by event; the same seed tells the same month."""

    begin: datetime
    chance: Random

    def id(self) -> Any:
        """Return the next id."""
        return UUID(int=self.chance.getrandbits(128), version=4)

    def events(self, days: float) -> Iterator[tuple[datetime, Event]]:
        """Yield the time and the event, in order."""
        ends = self.begin + timedelta(days=days)
        yield self.begin, self._booted()
        minute, now = 0, self.begin
        while now < ends:
            at = now
            for event in self._minute(minute, now):
                at += timedelta(milliseconds=150)
                yield at, event
            minute, now = minute + 1, now + timedelta(minutes=1)

    def _minute(self, minute: int, now: datetime) -> Iterator[Event]:
        yield JobDue(job=Job.POST, slot=now, seed=1)
        if minute % 5 == 0:
            yield from self._fetch(now)
            yield WatchdogReported(
                worker_id=UUID(int=1),
                git_sha=SHA,
                log_position=minute,
                lag={"view_queue": 0, "posting": 0},
                backlog={"fetch": 0},
                queue_size=12,
            )
        if minute % 10 == 1:
            yield self._proof(minute)
        if minute % 15 == 2:
            yield from reply(self.id, self.chance, now)
        if minute % 15 == 7:
            yield from self._look(now, ghost=minute % 4_320 == 7)
        if minute % 1_440 == 3:
            yield self._booted()

    def _fetch(self, now: datetime) -> Iterator[Event]:
        run = self.id()
        yield JobDue(job=Job.FETCH, slot=now, seed=1)
        yield FetchStarted(run_id=run, trigger=Trigger.DUE, plan=(), deadline_s=230)
        if self.chance.random() < 0.01:
            yield FetchFailed(run_id=run, reason="navigation timed out", nav_ms=30_000)
        for source in Source:
            yield SourceCompleted(run_id=run, source=source, seen=9, new=5, elapsed_ms=900)
        for _ in range(CANDIDATES):
            yield from self._candidate(run, now)
        yield FetchCompleted(run_id=run, ok=True, seen=27, new=CANDIDATES, elapsed_ms=2_700)
        yield FullCycleCompleted(
            run_id=run,
            trigger=Trigger.DUE,
            ok=True,
            found=CANDIDATES,
            evaluated=CANDIDATES,
            queued=1,
            unfinished=0,
            queue_size=12,
            elapsed_ms=9_000,
        )

    def _candidate(self, run: Any, now: datetime) -> Iterator[Event]:
        number = self.chance.getrandbits(40)
        post = Post(
            post_id=f"t{number}",
            url=f"http://site/t/{number}",
            author=f"author{number % 5_000}",
            text="How do you keep the tomatoes alive in the heat of this summer? " * 2,
            posted_at=now - timedelta(minutes=20),
        )
        source = self.chance.choice(tuple(Source))
        ids = {"candidate_id": self.id(), "evaluation_id": EvaluationId(self.id())}
        yield CandidateFound(
            candidate_id=ids["candidate_id"], run_id=run, source=source, query="tomatoes", post=post
        )
        shown: dict[str, Any] = {"source": source, "post": post}
        if self.chance.random() < 0.5:
            reason: dict[str, Any] = {"passed_hard_filters": False, "reason": "too old"}
            yield CandidateEvaluated(**ids, **shown, **reason, verdict=Verdict.REJECT)
            return
        yield JudgementRequested(**ids, post=post)
        yield from self.called("target_judge", str(ids["evaluation_id"]))
        yield from self._verdict(ids, shown, now)

    def _verdict(
        self, ids: dict[str, Any], shown: dict[str, Any], now: datetime
    ) -> Iterator[Event]:
        tier, score = self.chance.choice(TIERS), round(self.chance.random(), 3)
        marks: dict[str, Any] = {"relevance": score, "reply_worthiness": score, "risk": 0.1}
        yield CandidateJudged(**ids, **marks, tier=tier, why="asks a question that we can answer")
        passed = score > 0.8
        yield CandidateEvaluated(
            **ids,
            **shown,
            verdict=Verdict.PASS if passed else Verdict.REJECT,
            passed_hard_filters=True,
            reason="passed" if passed else "score too low",
            tier=tier,
            overall_score=score,
            ai_judge_decision="reply" if passed else "skip",
        )
        if not passed:
            yield CandidateRejected(**ids, reason="score too low")
            return
        expires_at = now + timedelta(hours=24)
        queued: dict[str, Any] = {"queue_id": self.id(), "tier": tier, "score": score}
        yield CandidateQueued(**ids, **queued, **shown, expires_at=expires_at)

    def called(self, purpose: str, request_id: str) -> Iterator[Event]:
        """Yield a call to the model: money set aside, and spent."""
        call: dict[str, Any] = {
            "reservation_id": self.id(),
            "purpose": purpose,
            "request_id": request_id,
            "model": "gpt-4o-mini",
        }
        yield ModelReserved(**call, cost_usd_max=Decimal("0.0009"))
        yield ModelCalled(
            **call,
            prompt_version="1",
            prompt_hash=sha256(b"prompt").hexdigest(),
            prompt_tokens=700,
            completion_tokens=60,
            cost_usd=Decimal("0.00014"),
            latency_ms=640,
            outcome="ok",
        )

    def _look(self, now: datetime, *, ghost: bool) -> Iterator[Event]:
        reading = self.id()
        yield ProfileReadOrdered(reading_id=reading, back_to=None, limit=200)
        if ghost:
            yield GhostDetected(
                reading_id=reading,
                posted_id=f"g{self.chance.getrandbits(40)}",
                url="http://site/c/ghost",
                text="Nobody here wrote this.",
                posted_at=now,
                detected_at=now,
                target_post_id=None,
                missing=("permit_created", "click_attempt"),
            )
        counts = {"seen": 20, "explained": 20, "settled": 0, "still_unknown": 0}
        yield ReconciliationCompleted(
            reading_id=reading, **counts, ghosts=int(ghost), complete=True
        )

    def _proof(self, minute: int) -> Event:
        return ProofRolledUp(
            fetch_started_15m=3,
            fetch_completed_15m=3,
            queue_size=12,
            scheduler_started_60m=4,
            permits_created_60m=4,
            permits_used_60m=4,
            posted_tweet_ids_last_2h=tuple(f"c{minute + n}" for n in range(8)),
            new_ghosts_last_2h=0,
            unknown_outcomes=0,
            last_error_event=None,
            running_sha=SHA,
            log_position=minute,
        )

    def _booted(self) -> Event:
        return WorkerStarted(
            worker_id=self.id(),
            git_sha=SHA,
            version="1",
            host="here",
            pid=1,
            roles=("all",),
            settings_hash="0",
        )
