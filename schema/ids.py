"""Identifiers: a NewType each, and how rules derive new ones without chance."""

from __future__ import annotations

from typing import NewType
from uuid import UUID, uuid5

Account = NewType("Account", str)
EventId = NewType("EventId", UUID)
Trace = NewType("Trace", UUID)
RunId = NewType("RunId", UUID)
CandidateId = NewType("CandidateId", UUID)
EvaluationId = NewType("EvaluationId", UUID)
QueueId = NewType("QueueId", UUID)
SchedulerRunId = NewType("SchedulerRunId", UUID)
DecisionId = NewType("DecisionId", UUID)
PermitId = NewType("PermitId", UUID)
ReadingId = NewType("ReadingId", UUID)

SYSTEM = Account("system")
"""The log of what belongs to no account."""

NAMESPACE = UUID("6f7c1f0e-8c0b-5d0e-9d53-0b6f6d1f9a11")
"""Root of every id derived from names instead of from a causing event."""


def derive(cause: UUID, kind: str, ordinal: int = 0) -> UUID:
    """Make the id that the `ordinal`-th `kind` caused by `cause` always has (UUIDv5, RFC 9562)."""
    return uuid5(cause, f"{kind}:{ordinal}")


def named(*parts: str) -> UUID:
    """Make the id that these words always have, e.g. ``named(account, "candidate", post_id)``."""
    return uuid5(NAMESPACE, "\x1f".join(parts))
