"""I6 and I7: a post belongs to one permit, and its whole chain stands before it in order."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from uuid import UUID

from replay.entry import Entry
from replay.invariants.check import Check

LINKS = {
    "candidate_found": "candidate_id",
    "candidate_evaluated": "evaluation_id",
    "candidate_queued": "queue_id",
    "scheduler_started": "scheduler_run_id",
    "decision_made": "decision_id",
    "permit_created": "permit_id",
}
"""Event type -> the id of the chain that it is the first to bring."""

IDS = tuple(LINKS.values())
OF_AN_ORIGINAL = ("decision_made", "permit_created")
"""An original answers the planner's due time: it has no candidate and no slot."""


class PostsHaveOnePermit(Check):
    """Counts sightings that prove a post, by its id."""

    id = "I6"
    says = "no post is confirmed twice"
    types = frozenset({"posting_success", "late_confirmed"})

    def __init__(self) -> None:
        super().__init__()
        self._posts: dict[str | None, int] = {}

    def _see(self, entry: Entry) -> None:
        earlier = self._posts.setdefault(entry.posted_id, entry.position)
        holds = entry.posted_id is not None and earlier == entry.position
        self.expect(holds, entry.position, f"{entry.posted_id} was confirmed at {earlier}")


class ChainsAreWhole(Check):
    """Looks up each link by its own id and compares what the link says of the others."""

    id = "I7"
    says = "every confirmed post has its whole trace chain before it, in order"
    types = frozenset(LINKS) | {"posting_success", "late_confirmed"}

    def __init__(self) -> None:
        super().__init__()
        self._links: dict[tuple[str, Any], Entry] = {}
        self._erased: set[UUID] = set()

    def _see(self, entry: Entry) -> None:
        if entry.event is None:  # what was erased took its ids along
            self._erased.add(entry.trace)
        elif (name := LINKS.get(entry.type)) is not None:
            self._links.setdefault((entry.type, getattr(entry.event, name)), entry)
        elif entry.trace not in self._erased:
            why = self._fault(entry.event)
            self.expect(why == "", entry.position, why)

    def _fault(self, post: Any) -> str:
        names = OF_AN_ORIGINAL if post.candidate_id is None else tuple(LINKS)
        links = [self._links.get((name, getattr(post, LINKS[name]))) for name in names]
        for name, link in zip(names, links, strict=True):
            if link is None:
                return f"no {name}"
            if wrong := _contradicts(link.event, post):
                return f"{name} has another {wrong}"
        places = dict(zip(names, (link.position for link in links if link), strict=True))
        return _disorder(places)


def _contradicts(link: Any, post: Any) -> str:
    for name in IDS:
        value = getattr(link, name, None)
        if value is not None and value != getattr(post, name):
            return name
    return ""


def _disorder(places: dict[str, int]) -> str:
    waited = [name for name in places if name != "scheduler_started"]
    picked = [name for name in ("scheduler_started", "decision_made") if name in places]
    for earlier, later in [*pairwise(waited), *pairwise(picked)]:
        if places[earlier] >= places[later]:
            return f"{later} before {earlier}"
    return ""
