"""Facts of one trace chain, with ids that its name gives: what tests of the law are written in."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from eventstore.store import PostgresStore
from schema.contracts import Command, NewEvent, Verdict
from schema.events.base import Event
from schema.events.drafting import DraftAccepted
from schema.events.operations import CapsSet, PostingAllowed, PostingStopped, StopSource
from schema.events.permitting import (
    PermitApproved,
    PermitCreated,
    PermitExpired,
    PermitRejected,
    PermitRevoked,
    ReasonCode,
    RevokeReason,
)
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    ClickRejected,
    LateConfirmed,
    NotSentReason,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.events.scheduling import DecisionType
from schema.ids import Account, EventId, named
from schema.law import APPROVER_ONLY
from tests.postgres_fixtures import ME

TEXT = "a fine reply"
NOBODY = EventId(named("test", "no such event"))
OPEN_CAPS = CapsSet(
    clicks_per_hour=1000, clicks_per_day=1000, clicks_per_author_per_day=1000, gap_s=0
)


def digest(text: str) -> str:
    """Return the SHA-256 of a text, as events carry it."""
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Chain:
    """One chain of events; two with the same name have the same ids."""

    name: str = "one"
    target: str | None = "post-1"
    author: str | None = "bob"
    permit: str = "permit"

    def id(self, kind: str) -> EventId:
        """Return the event id that this chain's event of a kind has."""
        return EventId(named("test", self.name, kind))

    @property
    def trace(self) -> UUID:
        """The chain's trace."""
        return self.id("candidate")

    @property
    def ids(self) -> dict[str, Any]:
        """Every id of the chain, as an event about the permit carries them."""
        kinds = ("candidate", "evaluation", "queue", "scheduler_run", "decision")
        ids = {f"{kind}_id": self.id(kind) for kind in kinds}
        return ids | {"permit_id": self.id(self.permit), "target_post_id": self.target}

    def new(self, kind: type[Event], key: str = "", **fields: Any) -> NewEvent:
        """Make an event about the chain's permit."""
        return NewEvent(self.id(key or kind.__name__), kind(**self.ids, **fields))

    def created(self, key: str = "created") -> NewEvent:
        return self.new(
            PermitCreated,
            key,
            decision_type=DecisionType.REPLY,
            pipeline_source="reply_v2_scheduler",
            target_url="http://site/post-1",
            target_author=self.author,
            target_is_root=True,
            target_in_reply_to=None,
        )

    def approved(self, spends: EventId | None = None, ttl_s: int = 3600, **more: Any) -> NewEvent:
        spends = spends or self.id("created")
        fields = {"spends": spends, "ttl_s": ttl_s, "approved_by": "auto", **more}
        return self.new(PermitApproved, "approved", **fields)

    def rejected(self, spends: EventId | None = None) -> NewEvent:
        return self.new(
            PermitRejected,
            "rejected",
            spends=spends or self.id("created"),
            reason_code=ReasonCode.RATE_LIMITED,
            error_message="",
            pipeline_source="",
        )

    def expired(self, spends: EventId | None = None) -> NewEvent:
        return self.new(PermitExpired, "expired", spends=spends or self.id("approved"))

    def revoked(self, spends: EventId | None = None) -> NewEvent:
        spends = spends or self.id("approved")
        return self.new(PermitRevoked, "revoked", spends=spends, reason=RevokeReason.PERSON)

    def drafted(self, text: str = TEXT, key: str = "drafted") -> NewEvent:
        return self.new(DraftAccepted, key, ordinal=0, text=text, text_hash=digest(text))

    def click(
        self, spends: EventId | None = None, text: str = TEXT, key: str = "click", **more: Any
    ) -> NewEvent:
        return self.new(
            ClickAttempt,
            key,
            spends=more.get("spends_raw", spends or self.id("approved")),
            target_author=more.get("author", self.author),
            text_hash=digest(text),
            worker_id=self.id("worker"),
            baseline=None,
        )

    def success(
        self, spends: EventId | None = None, posted_id: str = "99", key: str = "success"
    ) -> NewEvent:
        fields = {"spends": spends or self.id("click"), "via": Via.RESPONSE}
        return self.new(PostingSuccess, key, **fields, **self._post(posted_id))

    def unknown(self, spends: EventId | None = None) -> NewEvent:
        return self.new(OutcomeUnknown, "unknown", spends=spends or self.id("click"), detail="")

    def abandoned(self, spends: EventId | None = None) -> NewEvent:
        spends = spends or self.id("unknown")
        return self.new(OutcomeAbandoned, "abandoned", spends=spends, readings=5, waited_s=1800)

    def late(self, spends: EventId | None = None, posted_id: str = "99") -> NewEvent:
        spends = spends or self.id("abandoned")
        return self.new(LateConfirmed, "late", spends=spends, **self._post(posted_id))

    def not_sent(self, spends: EventId | None = None) -> NewEvent:
        spends = spends or self.id("click")
        return self.new(ClickNotSent, "not_sent", spends=spends, reason=NotSentReason.GATE)

    def refused(self, spends: EventId | None = None) -> NewEvent:
        spends = spends or self.id("click")
        return self.new(ClickRejected, "refused", spends=spends, code="duplicate", detail="")

    def _post(self, posted_id: str) -> dict[str, Any]:
        fields = {"posted_id": posted_id, "url": "u", "posted_at": None}
        return fields | {"text_hash": digest(TEXT)}


def stopped(
    key: str = "stop", source: StopSource = StopSource.LOGGED, held_by: UUID | None = None
) -> NewEvent:
    """Put the kill switch on."""
    return NewEvent(
        EventId(named("test", key)), PostingStopped(source=source, why="", by="me", held_by=held_by)
    )


def allowed(
    key: str = "allow", source: StopSource = StopSource.LOGGED, held_by: UUID | None = None
) -> NewEvent:
    """Take one hold on the kill switch back."""
    return NewEvent(
        EventId(named("test", key)), PostingAllowed(source=source, why="", by="me", held_by=held_by)
    )


def caps(caps: CapsSet = OPEN_CAPS, key: str = "caps") -> NewEvent:
    """Set the caps that PostgreSQL enforces."""
    return NewEvent(EventId(named("test", key)), caps)


def needs_approver(new: NewEvent) -> bool:
    """Say whether the event goes through the approver's connection."""
    kind = type(new.event).__struct_config__.tag
    return kind in APPROVER_ONLY or isinstance(new.event, PostingAllowed)


async def say(store: PostgresStore, new: NewEvent, account: Account = ME) -> Verdict:
    """Append one event through whichever role may say it."""
    command = Command((new,))
    approver = needs_approver(new)
    (verdict,) = await store.append(account, [command], actor="test", approver=approver)
    return verdict


async def given(store: PostgresStore, *facts: NewEvent, account: Account = ME) -> None:
    """Append events that must stand."""
    for new in facts:
        verdict = await say(store, new, account)
        assert verdict.code == "ok", f"{type(new.event).__name__}: {verdict}"


def ready(chain: Chain) -> tuple[NewEvent, ...]:
    """Return what lets the chain's permit be clicked."""
    return caps(), chain.created(), chain.approved(), chain.drafted()
