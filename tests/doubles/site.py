"""A test double of a site: it shows the posts it is given, and counts every press."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from edge.ports import ClickObservation, Observed, Target
from schema.errors import SiteError
from schema.ids import Account
from schema.posts import Post, ProfileReading, Source

Page = list[Post] | Exception | Callable[[], None]
"""What comes next of a source: posts, an error to raise, or something that happens first."""


def nothing() -> None:
    """Happen not at all."""


@dataclass
class DoubleComposer:
    """A reply form. `before_press` happens when the text is read back the second time."""

    site: DoubleSite
    target: Target | None
    held: str = ""
    reads: int = 0

    async def fill(self, text: str) -> None:
        self.held = self.site.spoil(text)

    async def read_back(self) -> str:
        self.reads += 1
        if self.reads > 1:
            self.site.before_press(self)
        return self.held

    async def target_post_id(self) -> str | None:
        return self.site.shown_target or (self.target.post_id if self.target else None)

    async def click(self, *, permit_id: str, text: str, until_s: float) -> ClickObservation:
        self.site.pressed.append((permit_id, text, until_s))
        return self.site.answer


@dataclass
class DoubleSite:
    """One account on one site; every field says what will be shown or go wrong."""

    handle: str = "me"
    posts: dict[str, Post] = field(default_factory=dict)
    profile_posts: list[Post] = field(default_factory=list)
    complete: bool = True
    answer: ClickObservation = field(
        default_factory=lambda: ClickObservation(Observed.UNKNOWN, "lost")
    )
    gone_hand: ClickObservation | None = None
    opening: list[SiteError] = field(default_factory=list)
    looking: list[SiteError] = field(default_factory=list)
    sighting: SiteError | None = None
    closing: SiteError | None = None
    spoil: Callable[[str], str] = str
    shown_target: str = ""
    before_press: Callable[[DoubleComposer], None] = lambda _composer: None
    pages: dict[str, list[Page]] = field(default_factory=dict)
    pressed: list[tuple[str, str, float]] = field(default_factory=list)
    opened: int = 0
    asked: list[tuple[str | None, int]] = field(default_factory=list)

    async def source(self, source: Source, query: str, *, limit: int) -> list[Post]:
        return [
            post async for page in self.source_pages(source, query, limit=limit) for post in page
        ]

    async def source_pages(
        self, source: Source, query: str, *, limit: int
    ) -> AsyncIterator[list[Post]]:
        for page in self.pages.get(query, []):
            if isinstance(page, Exception):
                raise page
            if callable(page):
                page()
            else:
                yield page[:limit]

    async def profile(
        self, *, back_to: str | None, limit: int, older_than: str | None = None
    ) -> ProfileReading:
        self.asked.append((back_to, limit))
        if self.looking:
            raise self.looking.pop(0)
        ids = [post.post_id for post in self.profile_posts]
        start = 0 if older_than is None else ids.index(older_than) + 1
        posts = tuple(self.profile_posts[start : start + limit])
        return ProfileReading(posts=posts, complete=self.complete)

    async def post(self, post_id: str) -> Post | None:
        if self.sighting is not None:
            raise self.sighting
        return self.posts.get(post_id)

    @asynccontextmanager
    async def composer(self, target: Target | None) -> AsyncIterator[DoubleComposer]:
        self.opened += 1
        if self.opening:
            raise self.opening.pop(0)
        yield DoubleComposer(self, target)
        if self.closing is not None:
            raise self.closing

    async def settled(self, permit_id: str) -> ClickObservation | None:
        return self.gone_hand

    async def close(self) -> None:
        pass


@dataclass
class DoubleSites:
    """The one site, for every account."""

    only: DoubleSite

    async def site(self, account: Account) -> DoubleSite:
        return self.only
