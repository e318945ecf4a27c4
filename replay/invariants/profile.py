"""I27: every post on our profile is confirmed, a ghost, attested, or older than the log."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check
from replay.invariants.clicks import ENDS_AN_ATTEMPT

ACCOUNTS_FOR = frozenset(
    {
        *("posting_success", "late_confirmed", "ghost_detected", "post_predates_log"),
        *("manual_post_attested", "legacy_post_imported"),
    }
)
READINGS_MAX = 2
"""A post without a permit is a ghost within so many readings."""


class PostsAreAccountedFor(Check):
    """Counts readings that showed a post and ended without a word on it.

    A reading does not count while an attempt is open: the post may be what came of it.
    """

    id = "I27"
    says = "every post on our profile is explained, or a ghost within two readings"
    types = (
        ACCOUNTS_FOR
        | ENDS_AN_ATTEMPT
        | {"click_attempt", "profile_read", "reconciliation_completed"}
    )

    def __init__(self) -> None:
        super().__init__()
        self._known: set[str | None] = set()
        self._open: set[UUID | None] = set()
        self._shown: dict[UUID, tuple[int, list[str]]] = {}
        self._unexplained: Counter[str] = Counter()

    def _see(self, entry: Entry) -> None:
        if entry.type == "click_attempt":
            self._open.add(entry.permit)
        elif entry.type == "profile_read" and entry.event is not None:
            shown = [post.post_id for post in entry.event.posts]
            self._shown[entry.trace] = (entry.position, shown)
        elif entry.type == "reconciliation_completed":
            self._judge(*self._shown.pop(entry.trace, (entry.position, [])))
        if entry.type in ACCOUNTS_FOR:
            self._known.add(entry.posted_id)
        if entry.type in ENDS_AN_ATTEMPT:
            self._open.discard(entry.permit)

    def _judge(self, position: int, shown: list[str]) -> None:
        for post_id in shown:
            if post_id in self._known:
                self._unexplained.pop(post_id, None)
                self.expect(True, position, "")
            elif not self._open:
                self._unexplained[post_id] += 1
                readings = self._unexplained[post_id]
                why = f"{readings} readings showed {post_id}, and nothing explains it"
                self.expect(readings < READINGS_MAX, position, why)
