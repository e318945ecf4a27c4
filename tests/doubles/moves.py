"""Moves: appends and leases, lawful and not, that two stores must answer alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID

from schema.catalogue import EVENT_TYPES
from schema.contracts import Command, Condition, NewEvent
from schema.events.base import Event
from schema.events.fetching import FetchCompleted
from schema.events.operations import CapsSet, PostingAllowed, PostingStopped, StopSource
from schema.events.permitting import ReasonCode, RevokeReason
from schema.events.posting import NotSentReason, Via
from schema.events.scheduling import DecisionType
from schema.ids import EventId, RunId, named
from schema.law import LEGAL_MOVES

TEXTS = ("One text to post.", "Another text to post.")
KINDS = (
    *("permit_created", "permit_approved", "draft_accepted", "click_attempt"),
    *("posting_success", "click_not_sent", "click_rejected", "outcome_unknown"),
    *("outcome_abandoned", "late_confirmed", "permit_revoked", "permit_expired"),
    *("permit_rejected", "posting_stopped", "posting_allowed", "caps_set", "draft_requested"),
    "fetch_completed",
)
TWISTS = (
    *("none", "none", "none", "none", "none", "none"),
    *(
        "spends any",
        "spends its permit's newest",
        "spends nothing known",
        "other text",
        "other target",
        "other author",
    ),
    *(
        "same id",
        "same id, other bytes",
        "other role",
        "other chain",
        "over at once",
        "posted before",
    ),
    *("cause unknown", "if nothing newer"),
)
PERMITS = 8


@dataclass
class Moves:
    """What was tried so far; each move is drawn from few names, so that histories collide.

    `holds` are the stops that were said: most are taken back, lest nothing is clicked any more.
    """

    tried: list[NewEvent] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)
    caps: int = 0

    def make(self, kind: str, permit: int, number: int, twist: str) -> tuple[Command, bool]:
        """Make a command of one event, and whether the approver says it."""
        event = self._event(kind, permit, number, twist)
        event_id = EventId(named("event", str(len(self.tried))))
        if twist.startswith("same id") and self.tried:
            earlier = self.tried[number % len(self.tried)]
            event_id = earlier.event_id
            event = earlier.event if twist == "same id" else event
        cause = EventId(named("nothing")) if twist == "cause unknown" else None
        new = NewEvent(event_id, event, cause=cause)
        self.tried.append(new)
        approver = kind in {"permit_approved", "permit_rejected", "caps_set", "posting_allowed"}
        return Command((new,), self._condition(new, twist, number)), approver ^ (
            twist == "other role"
        )

    def _condition(self, new: NewEvent, twist: str, number: int) -> Condition | None:
        trace = new.event.chain()
        if twist != "if nothing newer" or trace is None:
            return None
        return Condition(trace, number % 12 - 1, ("permit_approved", "click_attempt"))  # type: ignore[arg-type]

    def _event(self, kind: str, permit: int, number: int, twist: str) -> Event:
        match kind:
            case "posting_stopped":
                hold = self._hold(number)
                self.holds.append(hold)
                return PostingStopped(**hold, why="w", by=f"b{len(self.tried)}")
            case "posting_allowed":
                known = bool(self.holds) and number % 5 > 0
                hold = self.holds.pop() if known else self._hold(number)
                return PostingAllowed(**hold, why="w", by=f"b{len(self.tried)}")
            case "fetch_completed":
                run_id = RunId(named("run", str(permit % 3)))
                return FetchCompleted(run_id=run_id, ok=True, seen=number, new=0, elapsed_ms=1)
            case "caps_set":
                wide = {"clicks_per_hour": 9, "clicks_per_day": 99, "clicks_per_author_per_day": 9}
                narrow = (*wide, "none")[number % 4]
                caps = wide | {"gap_s": (0, 0, 300)[number % 3]}
                return CapsSet(**(caps | ({narrow: 1} if narrow != "none" else {})))
        fields = self._ids(permit, twist) | self._own(kind, permit, number, twist)
        wanted = EVENT_TYPES[kind].__struct_fields__
        return EVENT_TYPES[kind](**{k: v for k, v in fields.items() if k in wanted})

    def _hold(self, number: int) -> dict[str, Any]:
        source = (StopSource.FLAG, StopSource.LOGGED)[number % 2]
        return {"source": source, "held_by": named("w", str(number % 3)) if number % 3 else None}

    def _ids(self, permit: int, twist: str) -> dict[str, Any]:
        chain = permit % 2 + (2 if twist == "other chain" else 0)
        return {
            "candidate_id": named("candidate", str(chain)),
            "evaluation_id": named("evaluation", str(chain)),
            "queue_id": named("queue", str(chain)),
            "scheduler_run_id": named("run", str(chain)),
            "decision_id": named("decision", str(chain)),
            "permit_id": named("permit", str(permit)),
            "target_post_id": "elsewhere" if twist == "other target" else f"post{chain}",
        }

    def _own(self, kind: str, permit: int, number: int, twist: str) -> dict[str, Any]:
        text = TEXTS[twist == "other text"]
        posted = "before" if twist == "posted before" else f"p{len(self.tried)}"
        return {
            "spends": self._spends(kind, permit, number, twist),
            "decision_type": DecisionType.REPLY,
            "pipeline_source": "s",
            "target_url": None,
            "target_author": "stranger" if twist == "other author" else f"author{permit % 2}",
            "target_is_root": True,
            "target_in_reply_to": None,
            "ttl_s": 0 if twist == "over at once" else 3600,
            "approved_by": "a",
            "reason_code": ReasonCode.RATE_LIMITED,
            "error_message": "m",
            "reason": NotSentReason.GATE if kind == "click_not_sent" else RevokeReason.PERSON,
            "ordinal": number,
            "text": text,
            "text_hash": None
            if kind == "permit_approved" and number % 2
            else sha256(text.encode()).hexdigest(),
            "worker_id": UUID(int=number),
            "baseline": None,
            "posted_id": posted,
            "url": "u",
            "via": Via.RESPONSE,
            "posted_at": None,
            "code": "c",
            "detail": "d",
            "readings": 5,
            "waited_s": 1800,
            "target_title": "t",
            "target_text": "t",
            "style": "",
        }

    def _spends(self, kind: str, permit: int, number: int, twist: str) -> EventId | None:
        """Name the newest event that would be right, or by a twist some other."""
        if twist == "spends nothing known" or not self.tried:
            return EventId(named("nothing"))
        if twist == "spends any":
            return self.tried[number % len(self.tried)].event_id
        newest = twist == "spends its permit's newest"
        right = [EVENT_TYPES[name] for name in LEGAL_MOVES.get(kind, ())]
        mine = named("permit", str(permit))
        for new in reversed(self.tried):
            if getattr(new.event, "permit_id", None) != mine:
                continue
            if newest or type(new.event) in right:
                return new.event_id
        return EventId(named("nothing"))
