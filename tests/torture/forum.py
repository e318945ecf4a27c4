"""The forum under torture: the sandbox without its rate limits, and with topics enough."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from edge.sandbox import content
from edge.sandbox.accounts import PEOPLE, write_private
from edge.sandbox.install import PROJECT_DIR, SandboxSite, install, run

CHECKOUT = Path(__file__).resolve().parents[2]
MORE_TOPICS_SEED = 7


class UnlimitedSite(SandboxSite):
    """The forum that takes any number of comments and log-ins."""

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "SANDBOX_RATE_LIMITS": "off"}


@dataclass(frozen=True)
class ForumPost:
    """A comment of ours as it stands in the forum's own database."""

    post_id: str
    topic_id: str
    text: str


async def installed(data_dir: Path, topics: int) -> SandboxSite:
    """Install the forum with so many topics besides its own; its environment is shared."""
    named = os.environ.get("GHOSTPROOF_TEST_CACHE")
    cache = Path(named) if named else CHECKOUT / ".ghostproof" / "test-cache"
    venv = cache / "sandbox" / "venv"
    venv.mkdir(parents=True, exist_ok=True)
    sandbox = data_dir / "sandbox"
    sandbox.mkdir(parents=True, mode=0o700)
    (sandbox / "venv").symlink_to(venv)
    with (venv.parent / "lock").open("w") as held:
        await asyncio.to_thread(fcntl.flock, held, fcntl.LOCK_EX)
        site = await install(data_dir, report=lambda _: None)
    await _write_topics(site, topics)
    return UnlimitedSite(site.directory, site.bot)


async def _write_topics(site: SandboxSite, count: int) -> None:
    topics = content.topics(
        seed=MORE_TOPICS_SEED, now=time.time(), authors=list(PEOPLE), count=count, within_days=0.9
    )
    path = site.directory / "more.json"
    write_private(path, json.dumps({"accounts": site.accounts(), "topics": topics}))
    seeding = (str(site.python), str(PROJECT_DIR / "seed.py"), str(path))
    await run(seeding, environment=site.environment)


def posts_of(site: SandboxSite) -> list[ForumPost]:
    """Read our own comments out of the forum's database, oldest first."""
    path = site.directory / "forum.sqlite3"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        rows = database.execute(
            "select c.id, c.topic_id, c.comment from spirit_comment_comment c"
            " join auth_user u on u.id = c.user_id where u.username = ? order by c.id",
            [site.bot],
        ).fetchall()
    return [ForumPost(f"c{number}", f"t{topic}", text) for number, topic, text in rows]
