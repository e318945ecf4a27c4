"""Read our own profile: every post that the site shows as ours, back to a known one."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page

from edge.browser.account import Account
from edge.browser.pages import site_errors
from edge.browser.posts import own_post
from edge.browser.reading import Item, Sheet, read_own_posts
from schema.errors import SiteChanged
from schema.posts import Post, ProfileReading

PAGES_MAX = 200
LOOKUPS_AT_ONCE = 4  # permalinks followed side by side; a browser opens six


class OwnProfile:
    """Reads one account's own posts; permalinks are followed once and remembered."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._profile = account.profile
        self._permalinks: dict[str, str] = {}
        self._following = asyncio.Semaphore(LOOKUPS_AT_ONCE)

    async def read(
        self, back_to: str | None, limit: int, older_than: str | None = None
    ) -> ProfileReading:
        """Read newest first until `back_to` was seen, the list ended, or `limit` posts.

        With `older_than`, skip until after that one.
        """
        posts: dict[str, Post] = {}
        seen: set[str] = set()
        passed = older_than is None
        url: str | None = await self._account.own_profile_url()
        for _ in range(PAGES_MAX):
            if url is None:
                return (
                    _to_the_end(posts)
                    if passed
                    else _incomplete({}, f"{older_than} is no longer there")
                )
            sheet = await self._sheet(url)
            items = sheet.items if passed else await self._after(older_than, sheet)
            passed = passed or items is not None
            # A post made meanwhile pushes the list on: what was seen comes once more.
            unseen = [item for item in items or () if self._id_of(item) not in seen]
            taken = unseen[: limit - len(posts)]
            seen |= {self._id_of(item) for item in taken}
            for post in await self._posts(taken):
                posts[post.post_id] = post
                if post.post_id == back_to:
                    return _to_the_end(posts)
                if len(posts) == limit:
                    return _incomplete(posts, f"stopped after {limit} posts")
            url = sheet.next_url
        return _incomplete(posts, f"stopped after {PAGES_MAX} pages")

    async def _after(self, post_id: str | None, sheet: Sheet) -> tuple[Item, ...] | None:
        """Return what comes after this post on its page, None where the page has it not."""
        ids = [post.post_id for post in await self._posts(list(sheet.items))]
        return sheet.items[ids.index(post_id) + 1 :] if post_id in ids else None

    async def newest_number(self) -> int:
        """Return the highest number of our newest posts, 0 without any: later ones are higher."""
        sheet = await self._sheet(await self._account.own_profile_url())
        ids = [self._id_of(item) for item in sheet.items]
        return max((int(self._profile.split_id(post_id)[1]) for post_id in ids), default=0)

    async def _sheet(self, url: str) -> Sheet:
        async def read(page: Page) -> Sheet:
            return await read_own_posts(page, self._profile.own_posts)

        sheet = await self._account.look(url, read)
        if sheet is None:
            raise SiteChanged(f"our own profile is not at {url}", remedy="ghostproof site check")
        return sheet

    async def _posts(self, items: list[Item]) -> list[Post]:
        permalinks = await asyncio.gather(*(self._permalink(item) for item in items))
        made = []
        for item, permalink in zip(items, permalinks, strict=True):
            post = own_post(self._profile, self._account.handle, item, permalink)
            if post is None:
                raise SiteChanged(
                    f"{item.values['link']} leads to {permalink}, which is no root post",
                    remedy="run `ghostproof site check`, then mend the profile",
                )
            made.append(post)
        return made

    async def _permalink(self, item: Item) -> str:
        """Where the item's link leads: the root post that it stands under."""
        post_id = self._id_of(item)
        if post_id not in self._permalinks:
            async with self._following:
                self._permalinks[post_id] = await self._follow(self._profile.post_url(post_id))
        return self._permalinks[post_id]

    async def _follow(self, url: str) -> str:
        context = await self._account.reading_context()
        async with site_errors(f"following {url}"):
            answer = await context.request.head(url, max_redirects=0)
            location = answer.headers.get("location", "")
        if not location:
            raise SiteChanged(
                f"{url} answered {answer.status} without leading to a root post",
                remedy="run `ghostproof site check`, then mend the profile",
            )
        return location

    def _id_of(self, item: Item) -> str:
        post_id = self._profile.post_id_from_url(item.values["link"])
        if post_id is None:
            raise SiteChanged(
                f"own_posts.link gives {item.values['link'][:100]!r}, which is no post",
                remedy="run `ghostproof site check`, then mend the profile",
            )
        return post_id


def _to_the_end(posts: dict[str, Post]) -> ProfileReading:
    return ProfileReading(posts=tuple(posts.values()), complete=True)


def _incomplete(posts: dict[str, Post], why: str) -> ProfileReading:
    return ProfileReading(posts=tuple(posts.values()), complete=False, why_incomplete=why)
