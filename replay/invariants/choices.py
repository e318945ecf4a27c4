"""I33: what is answered is what was found; the model had no say in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check


class TargetsWereFound(Check):
    """Follows the target from the found post over the decision to the permit."""

    id = "I33"
    says = "a decision's target is the post that was found, a permit's is its decision's"
    types = frozenset({"candidate_found", "decision_made", "permit_created"})

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[UUID, tuple[Any, ...]] = {}
        self._decided: dict[UUID, tuple[Any, ...]] = {}
        self._erased: set[UUID] = set()

    def _see(self, entry: Entry) -> None:
        event = entry.event
        if event is None:
            self._erased.add(entry.trace)
        elif entry.type == "candidate_found":
            post = event.post
            self._found[event.candidate_id] = (post.post_id, post.url, post.author)
        elif entry.trace not in self._erased:
            self._compare(entry)

    def _compare(self, entry: Entry) -> None:
        event = entry.event
        target = (event.target_post_id, event.target_url, event.target_author)
        if entry.type == "permit_created":
            before = self._decided.get(event.decision_id)
        else:
            self._decided[event.decision_id] = target
            original = (None, None, None)
            known = self._found.get(event.candidate_id)
            before = original if event.candidate_id is None else known
        self.expect(target == before, entry.position, f"aims at {target}, before it {before}")
