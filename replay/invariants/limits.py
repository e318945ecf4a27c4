"""I14 and I16: no click while the kill switch is on, none above the caps in force."""

from __future__ import annotations

from collections import deque
from datetime import timedelta

from replay.entry import Entry
from replay.invariants.check import Check
from schema.events.operations import CapsSet

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

FIRST_CAPS = CapsSet(clicks_per_hour=4, clicks_per_day=40, clicks_per_author_per_day=1, gap_s=300)
"""What PostgreSQL enforces in a log that has set no caps yet."""


class StopsAreObeyed(Check):
    """The switch is on while anything holds it, and ends the approvals before it for good.

    A stop whose body is gone holds nothing that could be named; one taken back in words that are
    gone may have been any.
    """

    id = "I14"
    says = "no click attempt while posting is stopped"
    types = frozenset({"posting_stopped", "posting_allowed", "click_attempt"})

    def __init__(self) -> None:
        super().__init__()
        self._stops: dict[str, int] = {}
        self._last = -1

    def _see(self, entry: Entry) -> None:
        if entry.type == "click_attempt":
            why = self._hindrance(entry)
            self.expect(why == "", entry.position, why)
        elif entry.type == "posting_stopped":
            self._last = entry.position
            if entry.event is not None:
                self._stops[entry.event.hold] = entry.position
        elif entry.event is not None:
            self._stops.pop(entry.event.hold, None)
        else:
            self._stops.clear()

    def _hindrance(self, entry: Entry) -> str:
        if self._stops:
            return f"stopped at {sorted(self._stops.values())}"
        if entry.spends is not None and entry.spends < self._last:
            return f"approved before the stop at {self._last}"
        return ""


class CapsAreKept(Check):
    """Counts attempts in the hour and day before each; caps that cannot be read accuse nobody."""

    id = "I16"
    says = "click attempts stay within the caps of the time"
    types = frozenset({"caps_set", "click_attempt"})

    def __init__(self) -> None:
        super().__init__()
        self._caps: CapsSet | None = FIRST_CAPS
        self._recent: deque[Entry] = deque()

    def _see(self, entry: Entry) -> None:
        if entry.type == "caps_set":
            self._caps = entry.event
            return
        while self._recent and self._recent[0].at <= entry.at - DAY:
            self._recent.popleft()
        why = self._excess(entry)
        self.expect(why == "", entry.position, why)
        self._recent.append(entry)

    def _excess(self, entry: Entry) -> str:
        caps, before = self._caps, self._recent
        if caps is None:
            return ""
        in_hour = sum(1 for one in before if one.at > entry.at - HOUR) + 1
        author = entry.target_author
        of_author = sum(1 for one in before if author and one.target_author == author) + 1
        gap = (entry.at - before[-1].at).total_seconds() if before else caps.gap_s
        if in_hour > caps.clicks_per_hour:
            return f"{in_hour} in an hour, cap {caps.clicks_per_hour}"
        if len(before) + 1 > caps.clicks_per_day:
            return f"{len(before) + 1} in a day, cap {caps.clicks_per_day}"
        if of_author > caps.clicks_per_author_per_day:
            return f"{of_author} to {author} in a day, cap {caps.clicks_per_author_per_day}"
        if gap < caps.gap_s:
            return f"{gap:.0f} s after the one before, at least {caps.gap_s}"
        return ""
