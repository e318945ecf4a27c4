"""Originals: title and body are one text, so that one hash covers everything that is sent.

The text of an original is its title, an empty line, and its body. Whoever fills in a form parts it
there; whoever reads a request or a page joins it again.
"""

from __future__ import annotations

from schema.posts import Post
from schema.text import normalised

PARTING = "\n\n"
TITLE_CHARS_MAX = 100
"""Shorter than any site's limit that we know, and long enough for a headline."""


def whole(title: str, body: str) -> str:
    """Join a title and a body."""
    return f"{title}{PARTING}{body}"


def parted(text: str) -> tuple[str, str] | None:
    """Part a text into title and body; None unless joining them gives the same text again."""
    title, parting, body = text.partition(PARTING)
    if not parting or title != normalised(title) or body != body.strip():
        return None
    return (title, body) if title and body and len(title) <= TITLE_CHARS_MAX else None


def shown(post: Post) -> str:
    """Return all that a post shows as its author's words: with its title, where it has one."""
    return whole(post.title, post.text) if post.is_root and post.title else post.text
