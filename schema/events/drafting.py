"""Drafting: the model writes, gates accept or refuse, one redraft."""

from __future__ import annotations

from enum import StrEnum

from schema.events.base import OfPermit
from schema.events.scheduling import DecisionType


class Gate(StrEnum):
    """The gates a draft passes, in order."""

    QUALITY = "quality"
    UNIQUENESS = "uniqueness"
    ROTATION = "rotation"


class DraftRequested(OfPermit, frozen=True, kw_only=True):
    """Order: write the text. `target_text` is untrusted; `avoid` says why an earlier draft fell."""

    decision_type: DecisionType
    ordinal: int
    target_title: str
    target_text: str
    target_author: str | None
    style: str
    avoid: str = ""
    topic: str = ""


class DraftCreated(OfPermit, frozen=True, kw_only=True):
    """A text, not yet accepted. `synthetic`: a test double wrote it in place of the model."""

    ordinal: int
    text: str
    language: str
    synthetic: bool = False


class DraftFailed(OfPermit, frozen=True, kw_only=True):
    """No usable text came back."""

    ordinal: int
    outcome: str
    detail: str


class DraftAccepted(OfPermit, frozen=True, kw_only=True):
    """The exact text that this permit may post; `text_hash` is its SHA-256 in hex."""

    ordinal: int
    text: str
    text_hash: str


class DraftRejected(OfPermit, frozen=True, kw_only=True):
    """A gate refused a draft, or none could be had; `final` ends the decision."""

    ordinal: int
    gate: Gate | None
    why: str
    final: bool
