"""Challenging: the site asks for a person, and posting stops until one has looked."""

from __future__ import annotations

from enum import StrEnum

from schema.events.base import Event


class ChallengeKind(StrEnum):
    """How a site asks for a person."""

    CHALLENGE = "challenge"  # a captcha, or a status that its profile lists, such as 429
    LOG_IN = "log_in"  # its log-in page, where ours should be; a known password did not help


class SiteChallenged(Event, frozen=True, kw_only=True):
    """The site answered with a challenge or its log-in page, during the work of this performer."""

    kind: ChallengeKind
    during: str
    detail: str
