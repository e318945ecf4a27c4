"""The world of a history: it carries out orders well or badly, and shows what was posted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from edge.performers.arming import DEFERRED
from edge.performers.outcomes import attempt_id_of
from schema.contracts import Recorded, Verdict
from schema.events.base import Event, permit_ids
from schema.events.drafting import DraftCreated, DraftFailed, DraftRequested
from schema.events.fetching import FetchCompleted, FetchStarted
from schema.events.ghosts import ProfileRead, ProfileReadFailed, ProfileReadOrdered
from schema.events.judging import CandidateJudged, JudgementFailed, JudgementRequested, Tier
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickDeferred,
    ClickNotSent,
    ClickOrdered,
    ClickRejected,
    ClickWithheld,
    DeferReason,
    NotSentReason,
    OutcomeUnknown,
    PostingFailed,
    PostingSuccess,
    Via,
)
from schema.ids import derive, named
from schema.posts import Post
from tests.handlers.flow import Flow

SENTENCES = (
    "You could try to water them in the evening, that did it for my own plants.",
    "What kind of soil do you have in there? Clay needs another rhythm than sand.",
    "Mulch was the answer for us, it keeps the ground cool on the worst of days.",
    "Have they been in the sun all day? A little shade at noon can do wonders.",
    "My neighbour swears by a drip line, and his crop was the best in our street.",
    "It is the wind that dries them out here, so we put up a fence on that side.",
    "Do not give up on them yet! They recover when the nights are cold again.",
    "How often do you feed them? Too much nitrogen is just as bad as too little.",
    "We had that problem as well until we moved the pots away from the wall.",
    "Which variety is it? Some of the old ones can take more heat than the new.",
    "An old sheet over the bed was all that it took when it was this hot here.",
    "That looks like thirst to me: are the leaves limp in the morning as well?",
)


@dataclass
class World:
    """Our profile on the site (oldest first), what was written by whom, and orders left."""

    flow: Flow
    profile: list[Post] = field(default_factory=list)
    clicked: set[str] = field(default_factory=set)
    by_hand: set[str] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)
    crashed: list[ClickOrdered] = field(default_factory=list)
    written: int = 0

    def order(self, kind: type[Event]) -> Recorded[Any] | None:
        """Take the oldest order of a kind that nobody has carried out."""
        for row in self.flow.of(kind):
            if row.position not in self.taken:
                self.taken.add(row.position)
                return row
        return None

    def judge(self, how: int) -> bool:
        """Answer the oldest question about a candidate."""
        row = self.order(JudgementRequested)
        if row is None:
            return False
        ids = {"candidate_id": row.event.candidate_id, "evaluation_id": row.event.evaluation_id}
        answer: Event = JudgementFailed(**ids, outcome="timeout", detail="")
        if how < 11:
            scores: dict[str, Any] = {
                "relevance": 0.9,
                "reply_worthiness": 0.9,
                "risk": 0.1 * (how % 8),
            }
            answer = CandidateJudged(**ids, **scores, tier=list(Tier)[how % 3], why="")
        self._answer(row, answer)
        return True

    def draft(self, how: int) -> bool:
        """Write the oldest text asked for: mostly a new one, sometimes none, short or linked."""
        row = self.order(DraftRequested)
        if row is None:
            return False
        ids, ordinal = permit_ids(row.event), row.event.ordinal
        text = SENTENCES[self.written % len(SENTENCES)]
        self.written += how < 8
        spoilt = {8: "Too short.", 9: f"{text} www.example.test", 10: SENTENCES[0]}
        answer: Event = DraftFailed(**ids, ordinal=ordinal, outcome="timeout", detail="")
        if how < 11:
            written = spoilt.get(how, text)
            answer = DraftCreated(**ids, ordinal=ordinal, text=written, language="en")
        self._answer(row, answer)
        return True

    def fetch(self, how: int) -> bool:
        """End the oldest fetch, or never."""
        row = self.order(FetchStarted)
        if row is not None and how < 10:
            fields: dict[str, Any] = {"ok": True, "seen": 0, "new": 0, "elapsed_ms": 1}
            self._answer(row, FetchCompleted(run_id=row.event.run_id, **fields))
        return row is not None

    def read(self, how: int) -> bool:
        """Read our profile, newest first, back to the post asked for; it may be cut short."""
        row = self.order(ProfileReadOrdered)
        if row is None:
            return False
        reading_id, shown = row.event.reading_id, list[Post]()
        passed = row.event.older_than is None
        for post in reversed(self.profile):
            if not passed:
                passed = post.post_id == row.event.older_than
                continue
            shown.append(post)
            if post.post_id == row.event.back_to:
                break
        answer: Event = ProfileRead(reading_id=reading_id, posts=tuple(shown), complete=True)
        if how >= 10:
            shown = shown[: len(shown) // 2]
            answer = ProfileRead(reading_id=reading_id, posts=tuple(shown), complete=False)
        if how == 9:
            answer = ProfileReadFailed(reading_id=reading_id, reason="logged out")
        self._answer(row, answer)
        return True

    def post_by_hand(self, *, alike: bool) -> None:
        """Somebody writes in our name: something new, or our last text again."""
        name = f"h{len(self.profile)}"
        last = self.profile[-1] if self.profile else None
        if alike and last is not None:
            self._show(name, last.text, last.in_reply_to)
        else:
            self.by_hand.add(name)
            self._show(name, f"Written by hand, number {name}.", f"other{name}")

    def click(self, how: int) -> bool:
        """Carry out the oldest click order as far as this world lets it come."""
        if self.crashed:
            self._outcome(self.crashed.pop(0), OutcomeUnknown, detail="worker gone")
            return True
        row = self.order(ClickOrdered)
        if row is None:
            return False
        event = row.event
        before: dict[int, Event] = {
            9: ClickDeferred(**permit_ids(event), reason=DeferReason.RATE_LIMITED, detail=""),
            10: PostingFailed(**permit_ids(event), reason="no composer", tries=4),
            11: ClickWithheld(**permit_ids(event), mode="shadow"),
        }
        if how in before:
            self._answer(row, before[how])
        else:
            self._attempt(row, how)
        return True

    def _attempt(self, row: Recorded[Any], how: int) -> None:
        event: ClickOrdered = row.event
        attempt = ClickAttempt(
            **permit_ids(event),
            spends=event.approval,
            target_author=event.target_author,
            text_hash=event.text_hash,
            worker_id=named("worker"),
            baseline=None,
        )
        verdict = self.flow.say(attempt, event_id=attempt_id_of(event), cause=row.event_id)
        if verdict.code != "ok":
            self._answer(row, _refused(event, verdict))
            return
        posted = self._press(event) if how in {0, 1, 2, 3, 8} else None
        match how:
            case 2 | 3 | 4 | 5:
                self._outcome(event, OutcomeUnknown, detail="answer lost")
            case 6:
                self._outcome(event, ClickNotSent, reason=NotSentReason.DEADLINE)
            case 7:
                self._outcome(event, ClickRejected, code="403", detail="")
            case 8:
                self.crashed.append(event)
            case _:
                assert posted is not None
                seen = {"posted_id": posted.post_id, "url": "", "posted_at": posted.posted_at}
                hashed = {"text_hash": event.text_hash, "via": Via.RESPONSE}
                self._outcome(event, PostingSuccess, **seen, **hashed)

    def _press(self, event: ClickOrdered) -> Post:
        name = f"q{len(self.profile)}"
        self.clicked.add(name)
        return self._show(name, event.text, event.target_post_id)

    def _show(self, name: str, text: str, parent: str | None) -> Post:
        # no two posts of one account within a second
        at = self.flow.now + timedelta(seconds=1)
        self.flow.now = at
        fields: dict[str, Any] = {"post_id": name, "url": "", "author": "me", "text": text}
        post = Post(**fields, posted_at=at, is_root=False, in_reply_to=parent)
        self.profile.append(post)
        return post

    def _outcome(self, event: ClickOrdered, kind: type[Event], **fields: Any) -> None:
        spends = attempt_id_of(event)
        said = kind(**permit_ids(event), spends=spends, **fields)
        self.flow.say(said, event_id=derive(spends, kind.__name__), cause=spends)

    def _answer(self, row: Recorded[Any], event: Event) -> None:
        self.flow.say(event, cause=row.event_id)


def _refused(event: ClickOrdered, verdict: Verdict) -> ClickDeferred | ClickBlocked:
    reason = DEFERRED.get(verdict.code)
    if reason is not None:
        return ClickDeferred(**permit_ids(event), reason=reason, detail=verdict.reason)
    return ClickBlocked(**permit_ids(event), code=verdict.code, reason=verdict.reason)
