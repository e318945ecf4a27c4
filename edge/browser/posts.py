"""From what a page showed to posts."""

from __future__ import annotations

import re

from edge.browser.reading import Item, Sheet
from edge.sites.profile import Profile
from schema.posts import Post


def root_post(profile: Profile, post_id: str, sheet: Sheet, replies: int | None) -> Post | None:
    """Make the root post of a thread page; None when the page no longer shows its text.

    `replies` is the count that a list showed; without one the page's own items are counted.
    """
    opening = next((item for item in sheet.items if item.opening), None)
    if opening is None:
        return None
    return Post(
        post_id=post_id,
        url=profile.post_url(post_id),
        author=opening.values["author"],
        title=sheet.page["title"],
        text=opening.values["text"],
        posted_at=opening.time(profile.thread.time),
        replies=len(sheet.items) - 1 if replies is None else replies,
        likes=opening.number("likes"),
    )


def reply_post(profile: Profile, root_id: str, item: Item) -> Post:
    """Make a post of one item of a thread page; the opening item answers nothing."""
    post_id = profile.ids.reply.prefix + item.id
    return Post(
        post_id=post_id,
        url=profile.post_url(post_id),
        author=item.values["author"],
        text=item.values["text"],
        posted_at=item.time(profile.thread.time),
        is_root=item.opening,
        in_reply_to=None if item.opening else root_id,
        likes=item.number("likes"),
    )


def own_post(profile: Profile, handle: str, item: Item, permalink: str) -> Post | None:
    """Make a post of our own list's item; `permalink` is where its link leads. None without id."""
    post_id = profile.post_id_from_url(item.values["link"])
    root_id = profile.post_id_from_url(permalink)
    if post_id is None or root_id is None:
        return None
    is_root = re.search(profile.own_posts.root_link, permalink) is not None
    # A root is named by its thread, as everywhere else, and not by its place in the list.
    named = root_id if is_root else post_id
    return Post(
        post_id=named,
        url=profile.post_url(named),
        author=handle,
        text=item.values["text"],
        title=item.values["title"] if is_root else "",
        posted_at=item.time(profile.own_posts.time),
        is_root=is_root,
        in_reply_to=None if is_root else root_id,
    )
