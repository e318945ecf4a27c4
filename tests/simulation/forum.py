"""The forum as it truly is: every post, who made it and how, and every request that left us."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import islice
from random import Random

from schema.originals import parted, whole
from schema.posts import Post, Source
from tests.simulation.clocks import BEGIN
from tests.simulation.process import Process
from tests.simulation.words import AUTHORS, topic

OURS = "me"
FOREVER = float("inf")
TOPICS_BEFORE, TOPICS_A_DAY = 30, 70
TOPICS_LIVELY = 140
"""Enough for forty replies a day and a queue that is never short."""


class How(StrEnum):
    """How a post came to be on the forum."""

    STRANGER = "by a stranger"
    BEFORE = "ours, before the log"
    CLICK = "by a click"
    TWIN = "made twice by the site"
    HAND = "by hand"


@dataclass(eq=False)
class Entry:
    """One post. Times are seconds of true time; `sent` is the text of the request."""

    post_id: str
    author: str
    title: str
    text: str
    parent: str | None
    at: float
    how: How
    shown_from: float = 0.0
    shown_until: float = FOREVER
    permit_id: str = ""
    sent: str = ""
    edited: bool = False

    @property
    def words(self) -> str:
        """All that we said with it: an original's title is part of its text."""
        return whole(self.title, self.text) if self.parent is None and self.title else self.text

    def shown(self, now: float) -> bool:
        """Say whether anybody can see it."""
        return self.shown_from <= now < self.shown_until


@dataclass(frozen=True)
class Press:
    """One request to post that left the browser."""

    at: float
    permit_id: str
    text: str
    target: str | None
    process: Process


@dataclass
class Forum:
    """All posts by id, ours in order, and every press."""

    dice: Random
    hours: float
    topics_a_day: int = TOPICS_A_DAY
    topics: list[Entry] = field(default_factory=list)
    own: list[Entry] = field(default_factory=list)
    by_id: dict[str, Entry] = field(default_factory=dict)
    presses: list[Press] = field(default_factory=list)
    clock_off_s: float = 0.0
    hesitates: bool = False  # the next hand takes a while to read its form again

    def __post_init__(self) -> None:
        dice = self.dice
        day = int(self.topics_a_day * self.hours / 24)
        times = [-dice.random() * 86_400 for _ in range(TOPICS_BEFORE)]
        times += [dice.random() * self.hours * 3600 for _ in range(day)]
        for at in sorted(times):
            title, text = topic(dice)
            self._add(Entry("", dice.choice(AUTHORS), title, text, None, at, How.STRANGER))
        for _ in range(dice.choice((0, 3, 30, 90))):
            at = -3600.0 - dice.random() * 86_400
            self.post(self.topics[0].post_id, f"An old one, {at:.0f}.", at, How.BEFORE)
        self.own.sort(key=lambda entry: entry.at)

    def _add(self, entry: Entry) -> Entry:
        entry.post_id = str(1000 + len(self.by_id))
        self.by_id[entry.post_id] = entry
        (self.own if entry.author == OURS else self.topics).append(entry)
        return entry

    def post(self, parent: str | None, text: str, at: float, how: How) -> Entry:
        """Put a post of ours on the forum; one without a parent is parted into title and body."""
        title, body = ("", text) if parent else parted(text) or ("", text)
        entry = Entry("", OURS, title, body, parent, at, how, shown_from=at, sent=text)
        return self._add(entry)

    def now(self) -> float:
        """Return the seconds of true time."""
        return asyncio.get_running_loop().time()

    def found(self, source: Source, query: str, limit: int) -> list[Entry]:
        """Find topics as a reader of this source would, newest first."""
        there = bisect_right(self.topics, self.now(), key=_at)
        newest_first = (self.topics[place] for place in range(there - 1, -1, -1))
        match source:
            case Source.CURATED:
                found = (entry for entry in newest_first if entry.author == query)
            case Source.KEYWORD:
                found = (entry for entry in newest_first if query in entry.title)
            case Source.VIRAL:
                found = newest_first
        return list(islice(found, limit))

    def page(self, entry: Entry) -> Post:
        """Show a post as a page does: times in whole minutes, by the forum's own clock."""
        at = BEGIN + timedelta(seconds=entry.at + self.clock_off_s)
        return Post(
            post_id=entry.post_id,
            url=f"http://forum.test/{entry.post_id}",
            author=entry.author,
            text=entry.text,
            title=entry.title,
            posted_at=at.replace(second=0, microsecond=0),
            is_root=entry.parent is None,
            in_reply_to=entry.parent,
        )


def _at(entry: Entry) -> float:
    return entry.at


def numbers_of(entry: Entry) -> dict[str, int]:
    """Return how many saw, liked and answered a post: about one in three does well."""
    place = int(entry.post_id)
    return {"views": 40 + place % 60, "likes": int(place % 3 == 0) * 5, "replies": place % 2}
