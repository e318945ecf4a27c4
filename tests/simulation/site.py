"""The site port of one process: pages of the forum, with everything that pages do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace

from edge.ports import ClickObservation, Composer, Target
from schema.errors import ChallengeShown, LoggedOut, PageLocked, SiteChanged, SiteUnreachable
from schema.ids import Account
from schema.posts import Post, ProfileReading, Source
from tests.simulation.faults import Faults
from tests.simulation.form import Form
from tests.simulation.forum import OURS, Entry, Forum, numbers_of
from tests.simulation.steps import Steps

PAGE = 5

BROKEN = {
    "site_down": SiteUnreachable("the site does not answer"),
    "site_logged_out": LoggedOut("the session is gone"),
    "site_changed": SiteChanged("a selector finds nothing"),
    "site_challenge": ChallengeShown("prove that you are human"),
    "site_code_breaks": ValueError("a bug of the adapter"),
}


class SimulatedSite:
    """Implements `edge.ports.Site` over the forum."""

    handle = OURS

    def __init__(self, forum: Forum, steps: Steps) -> None:
        self._forum = forum
        self._steps = steps
        self._faults: Faults = steps.faults

    async def site(self, account: Account) -> SimulatedSite:
        """Be the collection of sites, too: there is one."""
        del account
        return self

    async def close(self) -> None:
        """Nothing is open."""

    async def _load(self, page: str) -> None:
        await self._steps.at(f"load {page}")
        fault = self._faults.at("page")
        slow = fault == "site_slow"
        await self._steps.pass_time(*((2.0, 150.0) if slow else (0.1, 2.0)))
        if fault is not None and not slow:
            raise BROKEN[fault]

    async def source(self, source: Source, query: str, *, limit: int) -> list[Post]:
        pages = self.source_pages(source, query, limit=limit)
        return [post async for posts in pages for post in posts]

    async def source_pages(
        self, source: Source, query: str, *, limit: int
    ) -> AsyncIterator[list[Post]]:
        await self._load("source")
        found = self._forum.found(source, query, limit)
        for start in range(0, len(found), PAGE):
            yield [self._forum.page(entry) for entry in found[start : start + PAGE]]

    async def profile(
        self, *, back_to: str | None, limit: int, older_than: str | None = None
    ) -> ProfileReading:
        await self._load("profile")
        fault = self._faults.at("profile")
        now = self._forum.now()
        seen_at = now - self._steps.between(60, 3600) if fault == "profile_stale" else now
        shown = [e for e in reversed(self._forum.own) if e.at <= seen_at and e.shown(seen_at)]
        if older_than is not None:
            ids = [entry.post_id for entry in shown]
            if older_than not in ids:
                return self._reading([], f"{older_than} is no longer there")
            shown = shown[ids.index(older_than) + 1 :]
        if fault == "profile_partial":
            return self._reading(shown[: len(shown) // 2], "the page broke off")
        for place, entry in enumerate(shown[:limit], start=1):
            if entry.post_id == back_to:
                return self._reading(shown[:place])
        if len(shown) >= limit:
            return self._reading(shown[:limit], f"stopped after {limit} posts")
        return self._reading(shown)

    def _reading(self, entries: list[Entry], why: str = "") -> ProfileReading:
        posts = tuple(self._forum.page(entry) for entry in entries)
        return ProfileReading(posts=posts, complete=not why, why_incomplete=why)

    async def post(self, post_id: str) -> Post | None:
        await self._load("post")
        fault = self._faults.at("post")
        if fault == "post_locked":
            raise PageLocked("the page is for others")
        entry = self._forum.by_id.get(post_id)
        if entry is None or not entry.shown(self._forum.now()):
            return None
        shown = self._forum.page(entry)
        return shown if fault == "numbers_hidden" else replace(shown, **numbers_of(entry))

    @asynccontextmanager
    async def composer(self, target: Target | None) -> AsyncIterator[Composer]:
        await self._load("composer")
        yield Form(self._forum, self._steps, target)

    async def settled(self, permit_id: str) -> ClickObservation | None:
        """Know nothing of another process's click: only looking tells."""
        del permit_id
        return None
