"""The planted ghost: a post under our own account, made by hand through a second log-in."""

from __future__ import annotations

import asyncio

from edge.sandbox.install import SandboxFailed, SandboxSite
from edge.sandbox.visitor import post_as

TEXT = "Typed by hand, past the program: nothing in its log will explain this one."
TRIES = 12
AGAIN_AFTER_S = 2.0
"""The forum takes one comment in ten seconds; by hand one waits, too."""


async def plant(base_url: str, site: SandboxSite, topic_id: str) -> str:
    """Log in a second time and post; return the post's id.

    Raises:
        SandboxFailed: the forum kept refusing.
    """
    for left in reversed(range(TRIES)):
        try:
            return await asyncio.to_thread(
                post_as, base_url, site.accounts(), site.bot, topic_id, TEXT
            )
        except SandboxFailed:
            if not left:
                raise
            await asyncio.sleep(AGAIN_AFTER_S)
    raise AssertionError("unreachable")
