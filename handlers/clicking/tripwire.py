"""Tripwire: a challenge or a log-in page stops posting; only a person allows it again.

It is the logged switch that goes on, so that taking it back is an approver's act with a reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from handlers.in_force import whole_account
from schema.contracts import Fold, Handler, Recorded
from schema.events.challenging import ChallengeKind, SiteChallenged
from schema.events.operations import PostingAllowed, PostingStopped, StopSource

Hears = SiteChallenged | PostingStopped | PostingAllowed

BY = "tripwire"
WORDS = {
    ChallengeKind.CHALLENGE: "the site asks for proof of a human",
    ChallengeKind.LOG_IN: "the site shows its log-in page",
}


class Switch(msgspec.Struct, frozen=True):
    """Whether the logged switch is on, whoever turned it."""

    on: bool = False


class States(msgspec.Struct, frozen=True):
    """What the tripwire remembers."""

    switch: Switch


def decide(states: States, recorded: Recorded[Hears]) -> Sequence[PostingStopped]:
    """Stop posting, unless the switch is on already."""
    event = recorded.event
    match event:
        case SiteChallenged() if not states.switch.on:
            why = f"{WORDS[event.kind]} ({event.during}): {event.detail}"
            return [PostingStopped(source=StopSource.LOGGED, why=why, by=BY)]
        case SiteChallenged() | PostingStopped() | PostingAllowed():
            return []


def _evolve(switch: Switch, recorded: Recorded[Any]) -> Switch:
    match recorded.event:
        case PostingStopped(source=StopSource.LOGGED):
            return Switch(on=True)
        case PostingAllowed(source=StopSource.LOGGED):
            return Switch(on=False)
        case _:
            return switch


tripwire = Handler(
    name="tripwire",
    hears=get_args(Hears),
    says=(PostingStopped,),
    folds={"switch": Fold(state=Switch, initial=Switch(), key=whole_account, evolve=_evolve)},
    states=States,
    decide=decide,
)
