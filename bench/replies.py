"""One reply from its slot to its post or its refusal, in events that keep the law."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from uuid import UUID

from schema.events.base import Event
from schema.events.drafting import DraftAccepted, DraftCreated, DraftRequested
from schema.events.judging import Tier
from schema.events.learning import OutcomeRecorded
from schema.events.permitting import PermitApproved, PermitCreated, PermitRejected, ReasonCode
from schema.events.posting import ClickAttempt, OutcomeUnknown, PostingSuccess, Via
from schema.events.queueing import CandidateQueued, CandidateSelected
from schema.events.scheduling import (
    DecisionMade,
    DecisionType,
    SchedulerStarted,
    SlotClosed,
    SlotReason,
)
from schema.ids import EventId
from schema.posts import Post, Source

NewId = Callable[[], Any]
SOURCE = "reply_v2_scheduler"
BEFORE = EventId(UUID(int=0))
"""Stands for the event of this chain that is spent; who writes the row knows which that is."""


def reply(new_id: NewId, chance: Random, now: datetime) -> Iterator[Event]:
    """Yield a slot: one in ten has an empty queue, one in twenty is refused or unknown."""
    run = {"scheduler_run_id": new_id()}
    slot = run | {"slot": now}
    yield SchedulerStarted(**slot, seed=1)
    if chance.random() < 0.1:
        nothing: dict[str, Any] = {"reason": SlotReason.QUEUE_EMPTY, "decision_id": None}
        yield SlotClosed(**slot, **nothing, queue_size=0)
        return
    number = chance.getrandbits(40)
    post = Post(
        post_id=f"t{number}", url="http://site/t", author=f"author{number % 5_000}", text=""
    )
    item = {"candidate_id": new_id(), "evaluation_id": new_id(), "queue_id": new_id()}
    shown: dict[str, Any] = {"source": Source.KEYWORD, "post": post, "tier": Tier.A, "score": 0.9}
    yield CandidateQueued(**item, **shown, expires_at=now + timedelta(hours=24))
    ids = item | run | {"decision_id": new_id()}
    yield CandidateSelected(**ids)
    target: dict[str, Any] = {
        "target_post_id": post.post_id,
        "target_url": post.url,
        "target_author": post.author,
    }
    kind: dict[str, Any] = {"decision_type": DecisionType.REPLY, "pipeline_source": SOURCE}
    choice: dict[str, Any] = {"source": Source.KEYWORD, "tier": Tier.A, "style": "concise"}
    yield DecisionMade(**ids, **kind, **target, **choice, scheduled_at=now)
    permit = ids | {"permit_id": new_id(), "target_post_id": post.post_id}
    known: dict[str, Any] = {"target_is_root": True, "target_in_reply_to": None}
    yield PermitCreated(**(permit | kind | target | known))
    decided: dict[str, Any] = {"reason": SlotReason.DECIDED, "decision_id": ids["decision_id"]}
    yield SlotClosed(**slot, **decided, queue_size=12)
    if chance.random() < 0.05:
        yield PermitRejected(
            **permit,
            spends=BEFORE,
            reason_code=ReasonCode.RATE_LIMITED,
            error_message="rate_limited: 4 an hour",
            pipeline_source=SOURCE,
        )
        return
    yield from _posted(permit, chance, now, post)


def _posted(permit: dict[str, Any], chance: Random, now: datetime, post: Post) -> Iterator[Event]:
    yield PermitApproved(**permit, spends=BEFORE, ttl_s=1800, approved_by="approver")
    yield DraftRequested(
        **permit,
        decision_type=DecisionType.REPLY,
        ordinal=1,
        target_title="",
        target_text=post.text,
        target_author=post.author,
        style="concise",
    )
    text = f"Shade and a deep watering in the evening helped mine, number {chance.getrandbits(32)}."
    digest = sha256(text.encode()).hexdigest()
    yield DraftCreated(**permit, ordinal=1, text=text, language="en")
    yield DraftAccepted(**permit, ordinal=1, text=text, text_hash=digest)
    yield ClickAttempt(
        **permit,
        spends=BEFORE,
        target_author=post.author,
        text_hash=digest,
        worker_id=permit["permit_id"],
        baseline=None,
    )
    if chance.random() < 0.02:
        yield OutcomeUnknown(**permit, spends=BEFORE, detail="the connection was cut")
        return
    posted_id = f"c{chance.getrandbits(48)}"
    seen: dict[str, Any] = {"via": Via.RESPONSE, "url": "http://site/c", "posted_at": now}
    yield PostingSuccess(**permit, spends=BEFORE, posted_id=posted_id, text_hash=digest, **seen)
    numbers: dict[str, Any] = {"impressions": 200, "likes": 5, "replies": 1, "er": 0.03}
    yield OutcomeRecorded(**permit, posted_id=posted_id, simulated=False, **numbers)
