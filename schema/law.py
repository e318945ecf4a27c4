"""The law of the permit as data: which event may spend which, and what the log's columns repeat.

PostgreSQL enforces the same table as a constraint on the log; a test holds the two together and
the docs draw their diagram from `LEGAL_MOVES`.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple
from uuid import UUID

from schema.events.base import Event
from schema.ids import EventId

LEGAL_MOVES: dict[str, tuple[str, ...]] = {
    "permit_approved": ("permit_created",),
    "permit_rejected": ("permit_created",),
    "permit_expired": ("permit_created", "permit_approved"),
    "permit_revoked": ("permit_created", "permit_approved"),
    "click_attempt": ("permit_approved",),
    "posting_success": ("click_attempt", "outcome_unknown"),
    "click_not_sent": ("click_attempt",),
    "click_rejected": ("click_attempt",),
    "outcome_unknown": ("click_attempt",),
    "outcome_abandoned": ("outcome_unknown",),
    "late_confirmed": ("outcome_abandoned",),
}
"""Event type -> the types it may spend. Every spent event is spent once."""

PROVES_A_POST = ("posting_success", "late_confirmed")
"""Types whose posted id is unique per account: a post has one permit."""

ENDS_ONCE = frozenset({"slot_closed", "fetch_completed", "full_cycle_completed"})
"""Types of which a trace has one, whoever ends it: the worker, or the watchdog for a lost one."""

APPROVER_ONLY = frozenset(
    {
        "permit_approved",
        "permit_rejected",
        "caps_set",
        "ghost_acknowledged",
        "manual_post_attested",
        "rules_signed",
        "settings_changed",
    }
)
"""Types refused to the application's role, as is `posting_allowed` for the logged switch."""


APPROVAL_S_MAX = 604_800
"""Longest life of an approval, a week: nobody remembers longer what was approved."""


class LawColumns(NamedTuple):
    """What the log repeats of a body in columns, so that PostgreSQL can judge it.

    `spends` is an event id here and becomes a position under the log's lock; `ttl_s` becomes
    `expires_at` by the database's clock; `text_hash` is 32 bytes.
    """

    permit: UUID | None
    spends: EventId | None
    posted_id: str | None
    text_hash: bytes | None
    target: str | None
    target_author: str | None
    ttl_s: int | None


LIFTED = (
    *("permit_id", "spends", "posted_id", "text_hash"),
    *("target_post_id", "target_author", "ttl_s"),
)
"""The fields that a column repeats."""

NOTHING = LawColumns(None, None, None, None, None, None, None)


@cache
def _is_judged(kind: type[Event]) -> bool:
    """Say whether events of this class have any field that a column repeats."""
    return any(name in kind.__struct_fields__ for name in LIFTED)


def law_columns(event: Event) -> LawColumns:
    """Lift the law's columns out of an event's own fields."""
    if not _is_judged(type(event)):
        return NOTHING
    text_hash = getattr(event, "text_hash", None)
    return LawColumns(
        permit=getattr(event, "permit_id", None),
        spends=getattr(event, "spends", None),
        posted_id=getattr(event, "posted_id", None),
        text_hash=bytes.fromhex(text_hash) if text_hash else None,
        target=getattr(event, "target_post_id", None),
        target_author=getattr(event, "target_author", None),
        ttl_s=getattr(event, "ttl_s", None),
    )
