"""Moves: appends and leases, lawful and not, that two stores must answer alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from schema.catalogue import EVENT_TYPES
from schema.contracts import Command, Condition, NewEvent
from schema.events.base import Event
from schema.events.fetching import FetchCompleted
from schema.events.operations import CapsSet, PostingAllowed, PostingStopped, StopSource
from schema.ids import EventId, RunId, named
from schema.law import LEGAL_MOVES
from tests.doubles import fields

KINDS = (
    *("permit_created", "permit_approved", "draft_accepted", "click_attempt"),
    *("posting_success", "click_not_sent", "click_rejected", "outcome_unknown"),
    *("outcome_abandoned", "late_confirmed", "permit_revoked", "permit_expired"),
    *("permit_rejected", "posting_stopped", "posting_allowed", "caps_set", "draft_requested"),
    "fetch_completed",
)
TWISTS = (
    *("none", "none", "none", "none", "none", "none"),
    *("spends any", "spends its permit's newest", "spends nothing known", "spends nothing"),
    *("other text", "other target", "other author", "other permit", "other chain"),
    *("same id", "same id, other bytes", "other role", "over at once", "posted before"),
    *("said again", "cause unknown", "if nothing newer", "not alone", "a line break"),
)
PERMITS = 8
WIDE = {"clicks_per_hour": 99, "clicks_per_day": 99, "clicks_per_author_per_day": 99, "gap_s": 0}
"""Caps under which a history's clicks may follow one another."""
NARROW = (*WIDE, "none")
AGAIN = {"same id", "same id, other bytes", "said again"}


@dataclass
class Moves:
    """What was tried so far; each move is drawn from few names, so that histories collide.

    `holds` are the stops that were said: most are taken back, lest nothing is clicked any more.
    `clicked` are the authors of the clicks that stand.
    """

    tried: list[NewEvent] = field(default_factory=list)
    holds: list[dict[str, Any]] = field(default_factory=list)
    clicked: list[str | None] = field(default_factory=list)

    def make(self, kind: str, permit: int, number: int, twist: str) -> tuple[Command, bool]:
        """Make a command, of one event nearly always, and whether the approver says it."""
        event = self._event(kind, permit, number, twist)
        event_id = EventId(named("event", str(len(self.tried))))
        if twist in AGAIN and self.tried:
            earlier = self.tried[-1 if twist == "said again" else number % len(self.tried)]
            event_id = earlier.event_id
            event = event if twist == "same id, other bytes" else earlier.event
        cause = EventId(named("nothing")) if twist == "cause unknown" else None
        new = NewEvent(event_id, event, cause=cause)
        self.tried.append(new)
        approver = kind in {"permit_approved", "permit_rejected", "caps_set", "posting_allowed"}
        beside = (self._beside(),) if twist == "not alone" else ()
        return Command((new, *beside), self._condition(new, twist, number)), approver ^ (
            twist == "other role"
        )

    def _beside(self) -> NewEvent:
        event_id = EventId(named("beside", str(len(self.tried))))
        stop = PostingStopped(source=StopSource.FLAG, why="w", by="beside", held_by=None)
        self.holds.append({"source": StopSource.FLAG, "held_by": None})
        return NewEvent(event_id, stop)

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
                return PostingAllowed(
                    **self._held(number, twist), why="w", by=f"b{len(self.tried)}"
                )
            case "fetch_completed":
                run_id = RunId(named("run", str(permit % 3)))
                return FetchCompleted(run_id=run_id, ok=True, seen=number, new=0, elapsed_ms=1)
            case "caps_set":
                return CapsSet(**(WIDE | self._narrow(permit, number, twist)))
        known = fields.ids(permit, twist) | fields.own(kind, permit, number, twist)
        known["spends"] = self._spends(kind, permit, number, twist)
        known["posted_id"] = self._posted(twist)
        wanted = EVENT_TYPES[kind].__struct_fields__
        return EVENT_TYPES[kind](**{k: v for k, v in known.items() if k in wanted})

    def _posted(self, twist: str) -> str:
        said = [getattr(new.event, "posted_id", None) for new in self.tried]
        if twist == "posted before" and any(said):
            return next(filter(None, reversed(said)))
        return "two\nlines" if twist == "a line break" else f"p{len(self.tried)}"

    def _narrow(self, permit: int, number: int, twist: str) -> dict[str, int]:
        """Return the cap that bites: the one that a twist names is as good as used up."""
        author = fields.author(permit)
        match twist:
            case "hour is full":
                return {"clicks_per_hour": max(len(self.clicked), 1)}
            case "day is full":
                return {"clicks_per_day": max(len(self.clicked), 1)}
            case "author is full":
                return {"clicks_per_author_per_day": max(self.clicked.count(author), 1)}
            case "wide gap":
                return {"gap_s": 300}
        narrow = NARROW[number % len(NARROW)]
        return {narrow: 300 if narrow == "gap_s" else 1} if narrow in WIDE else {}

    def _hold(self, number: int) -> dict[str, Any]:
        source = (StopSource.FLAG, StopSource.LOGGED)[number % 2]
        return {"source": source, "held_by": named("w", str(number % 3)) if number % 3 else None}

    def _held(self, number: int, twist: str) -> dict[str, Any]:
        """Return a hold to take back: the newest nearly always, which one role may not."""
        if not self.holds or number % 5 == 0:
            return self._hold(number)
        return self.holds[-1] if twist == "other role" else self.holds.pop()

    def _spends(self, kind: str, permit: int, number: int, twist: str) -> EventId | None:
        """Name the newest event that would be right, or by a twist some other."""
        if twist == "spends nothing":
            return None
        if twist == "spends nothing known" or not self.tried:
            return EventId(named("nothing"))
        if twist == "spends any":
            return self.tried[number % len(self.tried)].event_id
        newest = twist == "spends its permit's newest"
        right = [EVENT_TYPES[name] for name in LEGAL_MOVES.get(kind, ())]
        mine = fields.permit_id(permit)
        for new in reversed(self.tried):
            if getattr(new.event, "permit_id", None) != mine:
                continue
            if newest or type(new.event) in right:
                return new.event_id
        return EventId(named("nothing"))
