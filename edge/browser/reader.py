"""Read the site: the three sources of candidates, and one post by its id."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import quote

from playwright.async_api import Page

from edge.browser.account import Account
from edge.browser.posts import reply_post, root_post
from edge.browser.reading import Sheet, read_listing, read_thread
from edge.sites.parts import Query
from schema.errors import BadInput, SiteChanged, SiteError
from schema.posts import Post, Source

PAGES_MAX = 50  # of one list; a limit on posts ends a reading long before
CHUNK = 5  # posts opened between two yields: what a timeout may cost
POOL = 60  # rows of which the most discussed or the newest are taken
DIRECTORY_MAX = 20  # threads opened to find an author that we have not met
FRESH_S = 600.0  # a root post read this lately, with as many replies as then, is not read again


@dataclass(frozen=True)
class Row:
    """A root post as a list shows it."""

    post_id: str
    replies: int


class SourceReader:
    """Finds root posts through one account's browser."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._profile = account.profile
        self._author_numbers: dict[str, str] = {}
        self._roots: dict[Row, tuple[float, Post | None]] = {}

    async def pages(self, source: Source, query: str, limit: int) -> AsyncIterator[list[Post]]:
        """Yield the posts of a source in small groups, each newest first, `limit` in all."""
        address = await self._address(source, query)
        group: list[Post] = []
        count = 0
        async for row in self._ordered_rows(address, limit):
            if post := await self._root_of(row):
                group.append(post)
                count += 1
            if len(group) == CHUNK or (group and count == limit):
                yield _newest_first(group)
                group = []
            if count == limit:
                return
        if group:
            yield _newest_first(group)

    async def root(self, post_id: str, *, replies: int | None = None) -> Post | None:
        """Read one root post."""
        sheet = await self._account.look(self._profile.post_url(post_id), self._thread)
        return root_post(self._profile, post_id, sheet, replies) if sheet else None

    async def reply(self, post_id: str) -> Post | None:
        """Read one reply on its thread's page."""
        _, number = self._profile.split_id(post_id)

        async def read(page: Page) -> Post | None:
            sheet = await self._thread(page)
            root_id = self._profile.post_id_from_url(page.url)
            found = next((item for item in sheet.items if item.id == number), None)
            return reply_post(self._profile, root_id, found) if found and root_id else None

        return await self._account.look(self._profile.post_url(post_id), read)

    async def _root_of(self, row: Row) -> Post | None:
        now = time.monotonic()
        read_at, post = self._roots.get(row, (-FRESH_S, None))
        if now - read_at >= FRESH_S:
            post = await self.root(row.post_id, replies=row.replies)
            fresh = {r: kept for r, kept in self._roots.items() if now - kept[0] < FRESH_S}
            self._roots = fresh | {row: (now, post)}
        return post

    async def _address(self, source: Source, query: str) -> Query:
        sources = self._profile.sources
        match source:
            case Source.CURATED:
                number = await self._author_number(query)
                return Query(url=sources.curated.url.format(id=number))
            case Source.KEYWORD:
                return Query(url=sources.keyword.url.format(query=quote(query, safe="")))
            case Source.VIRAL:
                if query not in sources.viral:
                    known = ", ".join(sorted(sources.viral))
                    raise BadInput(f"no viral query {query!r}", remedy=f"use one of: {known}")
                return sources.viral[query]

    async def _ordered_rows(self, query: Query, limit: int) -> AsyncIterator[Row]:
        rows = self._rows(query.url)
        if query.order == "page":
            async for row in rows:
                yield row
            return
        pool = [row async for row in _first(rows, max(limit, POOL))]
        by = self._age_rank if query.order == "newest" else _replies
        for row in sorted(pool, key=by, reverse=True):
            yield row

    def _age_rank(self, row: Row) -> int:
        """Rank by the site's own number, which grows with every new post."""
        _, number = self._profile.split_id(row.post_id)
        return int(number) if number.isdecimal() else 0

    async def _rows(self, path: str, *, skipping: bool = True) -> AsyncIterator[Row]:
        """Walk through the pages of a list; no post twice, though lists move while one reads."""
        url: str | None = self._profile.base_url + path
        seen: set[str] = set()
        for _ in range(PAGES_MAX):
            if url is None:
                return
            sheet = await self._listing(url, skipping=skipping)
            for row in self._rows_of(sheet):
                if row.post_id not in seen:
                    seen.add(row.post_id)
                    yield row
            url = sheet.next_url

    async def _listing(self, url: str, *, skipping: bool) -> Sheet:
        rule = self._profile.listing

        async def read(page: Page) -> Sheet:
            return await read_listing(page, rule, skipping=skipping)

        sheet = await self._account.look(url, read)
        if sheet is None:
            raise SiteError(f"the site has no page {url}", remedy="check the name in the settings")
        return sheet

    def _rows_of(self, sheet: Sheet) -> list[Row]:
        rule = self._profile.listing
        rows = []
        for item in sheet.items:
            post_id = self._profile.post_id_from_url(item.values["link"])
            if post_id is None:
                raise SiteChanged(
                    f"listing.link gives {item.values['link'][:100]!r}, which is no post",
                    remedy="run `ghostproof site check`, then mend the profile",
                )
            replies = item.number("replies") - int(rule.replies_include_root)
            rows.append(Row(post_id, max(replies, 0)))
        return rows

    async def _thread(self, page: Page) -> Sheet:
        """Read a thread page and remember whom it shows: lists of an author need his number."""
        sheet = await read_thread(page, self._profile.thread)
        for item in sheet.items:
            number = self._profile.author_number(item.values["author_link"])
            if number is not None:
                self._author_numbers[item.values["author"].casefold()] = number
        return sheet

    async def _author_number(self, handle: str) -> str:
        known = self._author_numbers
        wanted = handle.casefold()
        if wanted not in known:
            rows = self._rows(self._profile.sources.curated.directory, skipping=False)
            async for row in _first(rows, DIRECTORY_MAX):
                await self._account.look(self._profile.post_url(row.post_id), self._thread)
                if wanted in known:
                    break
            else:
                raise SiteError(
                    f"nobody called {handle!r} wrote lately", remedy="check the curated list"
                )
        return known[wanted]


def _replies(row: Row) -> int:
    return row.replies


async def _first(rows: AsyncIterator[Row], count: int) -> AsyncIterator[Row]:
    taken = 0
    async for row in rows:
        yield row
        taken += 1
        if taken == count:
            return


def _newest_first(posts: list[Post]) -> list[Post]:
    """Order by time; a post without one comes last."""
    return sorted(posts, key=lambda post: -(post.posted_at.timestamp() if post.posted_at else 0))
