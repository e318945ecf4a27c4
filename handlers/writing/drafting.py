"""Drafting: a permit gets its text, which the gates accept or refuse; one redraft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import msgspec

from handlers.in_force import rules_in_force
from handlers.writing.draft_book import (
    Subject,
    Work,
    Written,
    by_account,
    by_candidate,
    by_decision,
)
from handlers.writing.gates import Refusal, poor_quality, refusal, text_hash
from schema.contracts import Handler, Recorded
from schema.events.base import permit_ids
from schema.events.drafting import (
    DraftAccepted,
    DraftCreated,
    DraftFailed,
    DraftRejected,
    DraftRequested,
    Gate,
)
from schema.events.operations import PostingAllowed, PostingStopped, SettingsChanged
from schema.events.permitting import PermitApproved, PermitCreated, PermitExpired
from schema.events.queueing import CandidateQueued
from schema.events.scheduling import DecisionMade, DecisionType
from schema.originals import parted
from schema.rules import Rules

Hears = (
    SettingsChanged
    | PostingStopped
    | PostingAllowed
    | CandidateQueued
    | DecisionMade
    | PermitCreated
    | PermitApproved
    | PermitExpired
    | DraftCreated
    | DraftFailed
)
Says = DraftRequested | DraftAccepted | DraftRejected


DRAFTS_MAX = 2
"""The first draft and one redraft."""


class States(msgspec.Struct, frozen=True):
    """What drafting remembers."""

    rules: Rules
    work: Work
    subject: Subject
    written: Written


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[Says]:
    """Ask for a text once per decision; judge each text that comes back."""
    event = recorded.event
    match event:
        case PermitCreated():
            return _begin_early(states, event)
        case PermitApproved():
            return _begin(states)
        case DraftCreated():
            return _judge(states, event)
        case DraftFailed():
            return _refuse(states, event, None, f"{event.outcome}: {event.detail}")
        case (
            SettingsChanged()
            | PostingStopped()
            | PostingAllowed()
            | CandidateQueued()
            | DecisionMade()
            | PermitExpired()
        ):
            return []


def _begin_early(states: States, event: PermitCreated) -> list[Says]:
    """Keep a renewed permit's accepted text; draft early where approval has to wait."""
    if states.work.accepted is not None:
        return [_kept(states, event, states.work.accepted)]
    if states.work.overdue:
        return _late(states, event)
    if states.work.ordinal == 0 and (
        states.rules.permit.approval == "human" or states.written.stops
    ):
        return _requested(states, event, 1, "")
    return []


def _kept(states: States, permit: PermitCreated, text: str) -> Says:
    """Keep a text, unless by the rules of now it would not be accepted: it ends with its work."""
    ids = permit_ids(permit)
    why = poor_quality(text, _answered(states), states.rules.draft)
    if why is None:
        return DraftAccepted(**ids, ordinal=0, text=text, text_hash=text_hash(text))
    return DraftRejected(
        **ids, ordinal=states.work.ordinal, gate=Gate.QUALITY, why=why[:500], final=True
    )


def _answered(states: States) -> str:
    """Return what the text answers, "" for an original."""
    post = states.subject.post
    return f"{post.title}\n{post.text}" if post else ""


def _late(states: States, permit: PermitCreated) -> list[Says]:
    """Ask once more where no answer came, then let go: what waits for ever keeps others waiting."""
    why, ordinal = "no draft came before the permit expired", states.work.ordinal
    if ordinal < DRAFTS_MAX:
        return _requested(states, permit, ordinal + 1, "")
    return [DraftRejected(**permit_ids(permit), ordinal=ordinal, gate=None, why=why, final=True)]


def _begin(states: States) -> list[Says]:
    permit, work = states.work.permit, states.work
    if permit is None or work.ordinal or work.accepted is not None:
        return []
    return _requested(states, permit, 1, "")


def _requested(states: States, permit: PermitCreated, ordinal: int, avoid: str) -> list[Says]:
    made, post = states.work.made, states.subject.post
    return [
        DraftRequested(
            **permit_ids(permit),
            decision_type=permit.decision_type,
            ordinal=ordinal,
            target_title=post.title if post else "",
            target_text=post.text if post else "",
            target_author=permit.target_author,
            style=made.style if made else "",
            avoid=avoid,
            topic=made.topic if made else "",
        )
    ]


def _judge(states: States, event: DraftCreated) -> list[Says]:
    work = states.work
    if work.permit is None or work.accepted is not None or event.ordinal != work.ordinal:
        return []
    wanted = states.rules.draft
    refused = _without_title(work.permit, event) or refusal(
        event.text, _answered(states), states.written.texts[-wanted.remembered :], wanted
    )
    if refused is not None:
        return _refuse(states, event, refused.gate, refused.why)
    ids = permit_ids(work.permit)
    digest = text_hash(event.text)
    return [DraftAccepted(**ids, ordinal=event.ordinal, text=event.text, text_hash=digest)]


def _without_title(permit: PermitCreated, event: DraftCreated) -> Refusal | None:
    """Refuse an original whose text is not a title and a body: no form could be filled with it."""
    if permit.decision_type is DecisionType.REPLY or parted(event.text) is not None:
        return None
    return Refusal(Gate.QUALITY, "not a title, an empty line and a body")


def _refuse(
    states: States, event: DraftCreated | DraftFailed, gate: Gate | None, why: str
) -> list[Says]:
    permit, ordinal = states.work.permit, states.work.ordinal
    if permit is None or event.ordinal != ordinal or states.work.accepted is not None:
        return []
    final = ordinal >= DRAFTS_MAX
    rejected = DraftRejected(
        **permit_ids(permit), ordinal=ordinal, gate=gate, why=why[:500], final=final
    )
    again: list[Says] = [] if final else _requested(states, permit, ordinal + 1, why[:500])
    return [rejected, *again]


drafting = Handler(
    name="drafting",
    hears=get_args(Hears),
    says=get_args(Says),
    folds={
        "rules": rules_in_force,
        "work": by_decision,
        "subject": by_candidate,
        "written": by_account,
    },
    states=States,
    decide=decide,
)
