"""What the site showed us: a post, and a reading of our own profile."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Source(StrEnum):
    """Where a fetch looks for candidates."""

    CURATED = "curated"
    KEYWORD = "keyword"
    VIRAL = "viral"


class Post(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One post as a page showed it. Every text in it is untrusted data.

    `post_id` is the site's own id as text (leading zeros kept). `text` is the full visible text,
    `title` the heading of a root post where the site has one. `posted_at` is UTC, None where the
    page shows no time. Counts are whole numbers as displayed, 0 where the page shows none.
    """

    post_id: str
    url: str
    author: str
    text: str
    title: str = ""
    posted_at: datetime | None = None
    is_root: bool = True
    in_reply_to: str | None = None
    replies: int = 0
    likes: int = 0
    views: int = 0


class ProfileReading(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Our own posts, newest first, as the profile page showed them.

    `complete` is True only if the reading went back to a post known to be older than what was
    asked for, or to the very beginning of the profile; `why_incomplete` says what was missing.
    """

    posts: tuple[Post, ...]
    complete: bool
    why_incomplete: str = ""
