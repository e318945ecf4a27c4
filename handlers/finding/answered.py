"""Answered: which posts a system before this one has replied to, one state a post."""

from __future__ import annotations

from typing import Any

import msgspec

from schema.contracts import Fold, Recorded
from schema.events.base import Event
from schema.events.fetching import CandidateFound
from schema.events.legacy import LegacyPostImported


class Answered(msgspec.Struct, frozen=True):
    """One post that we may find."""

    before: bool = False


def _key(event: Event) -> str | None:
    match event:
        case LegacyPostImported():
            return event.target_post_id
        case CandidateFound():
            return event.post.post_id
        case _:
            return None


def _evolve(state: Answered, recorded: Recorded[Any]) -> Answered:
    return Answered(before=True) if isinstance(recorded.event, LegacyPostImported) else state


by_post: Fold[Answered] = Fold(state=Answered, initial=Answered(), key=_key, evolve=_evolve)
