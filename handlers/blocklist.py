"""The blocklist: whom a person has blocked, one state an author, shared by rules that obey it."""

from __future__ import annotations

from typing import Any

import msgspec

from handlers.names import folded
from schema.contracts import Fold, Recorded
from schema.events.base import Event
from schema.events.blocking import AuthorBlocked, AuthorUnblocked
from schema.events.fetching import CandidateFound
from schema.events.judging import CandidateEvaluated


class Author(msgspec.Struct, frozen=True):
    """One author."""

    blocked: bool = False


def _key(event: Event) -> str | None:
    """Return the author whom the event is about, for the rules that ask."""
    match event:
        case AuthorBlocked() | AuthorUnblocked():
            return folded(event.author)
        case CandidateFound() | CandidateEvaluated():
            return folded(event.post.author)
        case _:
            return None


def _evolve(state: Author, recorded: Recorded[Any]) -> Author:
    match recorded.event:
        case AuthorBlocked():
            return Author(blocked=True)
        case AuthorUnblocked():
            return Author()
        case _:
            return state


by_author: Fold[Author] = Fold(state=Author, initial=Author(), key=_key, evolve=_evolve)
