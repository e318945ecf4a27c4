"""The draft book: each decision's text under way, the post it answers, and our last texts."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec.structs import replace

from handlers import stops
from handlers.in_force import whole_account
from schema.contracts import Fold, Recorded
from schema.events.base import Event, OfCandidate, OfDecision
from schema.events.drafting import DraftAccepted, DraftRequested
from schema.events.operations import PostingAllowed, PostingStopped
from schema.events.permitting import PermitCreated, PermitExpired
from schema.events.queueing import CandidateQueued
from schema.events.scheduling import DecisionMade
from schema.posts import Post

TEXTS_MAX = 500
"""How many of our texts a new one can be compared with, whatever the rules ask for."""


class Work(msgspec.Struct, frozen=True):
    """One decision's text: how it is to be written, how often it was tried, what was accepted.

    It is `overdue` when its permit expired before any text was accepted.
    """

    made: DecisionMade | None = None
    permit: PermitCreated | None = None
    ordinal: int = 0
    accepted: str | None = None
    overdue: bool = False


class Subject(msgspec.Struct, frozen=True):
    """The post that a decision answers."""

    post: Post | None = None


class Written(msgspec.Struct, frozen=True):
    """Our last accepted texts, newest last, and who stops posting."""

    texts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()


def _work_key(event: Event) -> str | None:
    return str(event.decision_id) if isinstance(event, OfDecision) else None


def _evolve_work(work: Work, recorded: Recorded[Any]) -> Work:
    event = recorded.event
    match event:
        case DecisionMade():
            return replace(work, made=event)
        case PermitCreated():
            return replace(work, permit=event)
        case DraftRequested():
            return replace(work, ordinal=event.ordinal, overdue=False)
        case PermitExpired():
            return replace(work, overdue=work.ordinal > 0 and work.accepted is None)
        case DraftAccepted():
            return replace(work, accepted=event.text)
        case _:
            return work


def _subject_key(event: Event) -> str | None:
    if isinstance(event, OfCandidate | OfDecision) and event.candidate_id is not None:
        return str(event.candidate_id)
    return None


def _evolve_subject(state: Subject, recorded: Recorded[Any]) -> Subject:
    event = recorded.event
    return Subject(post=event.post) if isinstance(event, CandidateQueued) else state


def _evolve_written(written: Written, recorded: Recorded[Any]) -> Written:
    event = recorded.event
    match event:
        case DraftAccepted() if event.ordinal:
            return replace(written, texts=(*written.texts, event.text)[-TEXTS_MAX:])
        case PostingStopped() | PostingAllowed():
            return replace(written, stops=stops.after(written.stops, event))
        case _:
            return written


by_decision: Fold[Work] = Fold(state=Work, initial=Work(), key=_work_key, evolve=_evolve_work)
by_candidate: Fold[Subject] = Fold(
    state=Subject, initial=Subject(), key=_subject_key, evolve=_evolve_subject
)
by_account: Fold[Written] = Fold(
    state=Written, initial=Written(), key=whole_account, evolve=_evolve_written
)
