"""The planted ghost: a post under our own account, made by hand through a second log-in."""

from __future__ import annotations

import asyncio

from edge.sandbox.install import SandboxSite
from edge.sandbox.visitor import post_as

TEXT = "Typed by hand, past the program: nothing in its log will explain this one."


async def plant(base_url: str, site: SandboxSite, topic_id: str) -> str:
    """Log in a second time and post; return the post's id.

    Raises:
        SandboxFailed: the forum kept refusing.
    """
    return await asyncio.to_thread(post_as, base_url, site.accounts(), site.bot, topic_id, TEXT)
