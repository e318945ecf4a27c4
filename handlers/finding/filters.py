"""The cheap filters: what a post must be before a model is asked about it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from handlers.language import language_of
from handlers.names import is_named
from schema.posts import Post
from schema.rules import Rules

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
CLOCK_TOLERANCE = timedelta(minutes=10)
"""How far in the future a site's clock may show a post before we distrust its time."""

NAME_CHARS_MAX = 300
"""Longest id or author the law's columns hold, each one printable line."""

ADDRESS_CHARS_MAX = 2_048
"""Longest address that every browser opens."""


def refusal(post: Post, rules: Rules, now: datetime) -> str | None:
    """Return why the post is not worth judging, or None. First failing filter wins."""
    wanted = rules.evaluate
    text = f"{post.title}\n{post.text}".strip()
    checks = (
        (not post.is_root or post.in_reply_to is not None, "not_root"),
        (is_named(post.author, (rules.handle,)), "own_post"),
        (is_named(post.author, wanted.blocked_authors), "author_blocked"),
        (not _is_name(post.author) or not _is_name(post.post_id), "unusable_name"),
        (len(post.url) > ADDRESS_CHARS_MAX, "unusable_address"),
        (not post.text.strip(), "no_text"),
        (len(text) < wanted.length_min, "too_short"),
        (len(text) > wanted.length_max, "too_long"),
        (_too_new(post, now), "from_the_future"),
        (_too_old(post, now, wanted.age_max_h), "too_old"),
        (max(post.replies, post.likes, post.views) < wanted.reach_min, "too_little_reach"),
    )
    for failed, reason in checks:
        if failed:
            return reason
    return None if language_of(text) in wanted.languages else "language"


def _is_name(name: str) -> bool:
    return 0 < len(name) <= NAME_CHARS_MAX and not _CONTROL.search(name)


def _too_new(post: Post, now: datetime) -> bool:
    return post.posted_at is not None and post.posted_at > now + CLOCK_TOLERANCE


def _too_old(post: Post, now: datetime, age_max_h: int) -> bool:
    return post.posted_at is not None and post.posted_at < now - timedelta(hours=age_max_h)
