"""I13: an approval is what the checks of the time answer, or a person's word on one exact text."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check
from replay.invariants.history import History
from schema.events.permitting import PermitApproved, PermitCreated
from schema.events.scheduling import DecisionType
from schema.rules import Rules

BY_RULE = "approver"
"""Who approves where the checks decide; anybody else is a person."""

CLICKED = {"click_attempt": True, "legacy_post_imported": True} | {
    "click_not_sent": False,
    "click_rejected": False,
}
"""Whether a target may have been answered, after each of these."""

BLOCKED = {"author_blocked": True, "author_unblocked": False}


def _never() -> History[bool]:
    return History(first=False)


class ApprovalsAreRight(Check):
    """Asks the checks again, from what stood in the log where the approval was decided."""

    id = "I13"
    says = "an approval is what the checks answer, or a person's on the exact text"
    types = frozenset({"settings_changed", "permit_created", "permit_approved", *CLICKED, *BLOCKED})

    def __init__(self) -> None:
        super().__init__()
        self._rules: History[Rules] = History(Rules())
        self._clicked: defaultdict[str | None, History[bool]] = defaultdict(_never)
        self._blocked: defaultdict[str, History[bool]] = defaultdict(_never)
        self._created: dict[UUID | None, Entry] = {}

    def _see(self, entry: Entry) -> None:
        if entry.event is None:
            return
        if entry.type == "settings_changed":
            self._rules.turn(entry.position, entry.event.rules)
        elif entry.type in BLOCKED:
            self._blocked[entry.event.author.casefold()].turn(entry.position, BLOCKED[entry.type])
        elif entry.type in CLICKED:
            self._clicked[entry.event.target_post_id].turn(entry.position, CLICKED[entry.type])
        elif entry.type == "permit_created":
            self._created[entry.permit] = entry
        else:
            why = self._fault(entry, entry.event)
            self.expect(not why, entry.position, why)

    def _fault(self, entry: Entry, event: PermitApproved) -> str:
        created = self._created.get(entry.permit)
        if created is None:
            return "nobody asked for the permit"
        if event.approved_by == BY_RULE:
            decided_at = entry.position if entry.cause is None else entry.cause
            return self._refusal(created.event, decided_at)
        if event.text_hash is None:
            return f"{event.approved_by} approved no exact text"
        return f"{created.actor} approved its own permit" * (event.approved_by == created.actor)

    def _refusal(self, permit: PermitCreated, position: int) -> str:
        rules = self._rules.at(position)
        reply = permit.decision_type is DecisionType.REPLY
        allowed = rules.permit.reply_sources if reply else rules.permit.original_sources
        author = (permit.target_author or "").casefold()
        named = {name.casefold() for name in rules.evaluate.blocked_authors}
        blocked = author in named or self._blocked[author].at(position)
        checks = (
            (rules.permit.approval != "auto", "a person was to approve"),
            (permit.pipeline_source not in allowed, f"source {permit.pipeline_source}"),
            (reply and not permit.target_is_root, "the target is no root post"),
            (reply and bool(permit.target_in_reply_to), "the target is a reply"),
            (reply and author == rules.handle.casefold() != "", "the target is our own post"),
            (reply and self._clicked[permit.target_post_id].at(position), "answered before"),
            (reply and blocked, f"{permit.target_author} is blocked"),
            (not rules.permit.rules_signed, "the site's rules are not signed"),
        )
        return next((why for failed, why in checks if failed), "")
