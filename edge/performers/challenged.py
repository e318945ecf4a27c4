"""Challenged: what a performer says when the site asks for a person instead of serving us."""

from __future__ import annotations

from edge.ports import ClickObservation
from schema.errors import ChallengeShown, LoggedOut, NoSession
from schema.events.challenging import ChallengeKind, SiteChallenged

DETAIL_CHARS_MAX = 500


def by_error(error: Exception, during: str) -> tuple[SiteChallenged, ...]:
    """Return what this error says besides its own event: one event, or nothing."""
    match error:
        case ChallengeShown():
            return (_challenged(ChallengeKind.CHALLENGE, during, error.message),)
        case NoSession():
            return ()  # the site showed nothing: whoever never signed in has nothing to fear
        case LoggedOut():
            return (_challenged(ChallengeKind.LOG_IN, during, error.message),)
        case _:
            return ()


def by_answer(seen: ClickObservation, during: str) -> tuple[SiteChallenged, ...]:
    """Return what the answer to a click says besides its outcome: one event, or nothing."""
    if seen.challenge is None:
        return ()
    detail = f"answer {seen.http_status} to a click: {seen.detail}"
    return (_challenged(seen.challenge, during, detail),)


def _challenged(kind: ChallengeKind, during: str, detail: str) -> SiteChallenged:
    return SiteChallenged(kind=kind, during=during, detail=detail[:DETAIL_CHARS_MAX])
