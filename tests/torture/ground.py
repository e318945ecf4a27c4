"""The ground: a database, a forum behind its front, and settings, in a folder of their own."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from edge.database.embedded import DATABASE
from edge.database.opening import open_store
from edge.sandbox.install import SandboxSite
from edge.sandbox.server import SandboxServer
from edge.settings.settings import Settings, load_settings
from edge.worker.stops import FILE_NAME
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.store import PostgresStore
from tests.torture.following import Following
from tests.torture.forum import CHECKOUT, ForumPost, installed, posts_of
from tests.torture.front import Front
from tests.torture.settings import ME, write_settings

COMMAND_S = 120


@dataclass
class Ground:
    """What stands while workers, browsers and servers die on it."""

    folder: Path
    site: SandboxSite
    front: Front
    postgres: EmbeddedPostgres
    store: PostgresStore
    log: Following
    before: frozenset[str]
    kept: bool = False
    """Whether the folder outlasts the torture, for whoever looks into what was wrong."""

    @property
    def settings(self) -> Settings:
        """The settings as the worker reads them, with paths that hold from anywhere."""
        settings = load_settings({}, self.folder)
        return settings.model_copy(update={"data_dir": self.data_dir})

    @property
    def data_dir(self) -> Path:
        return self.folder / ".ghostproof"

    @property
    def environment(self) -> dict[str, str]:
        """What every command finds: nothing of a database that tests may have been given."""
        kept = {name: value for name, value in os.environ.items() if "DATABASE" not in name}
        return kept | {"PYTHONPATH": str(CHECKOUT)}

    def posts(self) -> list[ForumPost]:
        """Our posts that were written since the ground was laid, by the forum's own database."""
        return [post for post in posts_of(self.site) if post.post_id not in self.before]

    def hold_posting(self, *, held: bool) -> None:
        """Set or remove the file that stops posting."""
        file = self.data_dir / FILE_NAME
        if held:
            file.touch()
        else:
            file.unlink(missing_ok=True)

    def ask(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command of the program here."""
        return subprocess.run(
            [sys.executable, "-m", "edge.cli.main", *arguments],
            cwd=self.folder,
            env=self.environment,
            timeout=COMMAND_S,
            capture_output=True,
            text=True,
            check=False,
        )

    def redeliver(self) -> int:
        """Make every leased order visible at once, as if its lease had run out."""
        return self._in_queues("update pgmq.q_{} set vt = clock_timestamp() returning msg_id")

    def duplicate(self) -> int:
        """Put every order that waits or is at work into its queue a second time, once."""
        return self._in_queues(
            "select pgmq.send('{0}', message) from pgmq.q_{0} group by message having count(*) = 1"
        )

    def _in_queues(self, statement: str) -> int:
        touched = 0
        with psycopg.connect(self.postgres.url(DATABASE)) as connection:
            for queue in ("fetch", "judge", "draft", "click", "profile"):
                touched += len(connection.execute(statement.format(queue)).fetchall())
        return touched


@asynccontextmanager
async def laid(topics: int = 0) -> AsyncIterator[Ground]:
    """Lay the ground, and clear it away whatever happened on it, unless it is to be kept."""
    async with AsyncExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="gp-torture-"))
        await asyncio.to_thread(folder.chmod, 0o755)  # as root, the database server must enter
        clearing = stack.enter_context(ExitStack())
        clearing.callback(shutil.rmtree, folder, ignore_errors=True)
        data_dir = folder / ".ghostproof"
        await asyncio.to_thread(data_dir.mkdir)
        site = await installed(data_dir, topics)
        server = SandboxServer(site)
        await server.start()
        stack.push_async_callback(server.stop)
        front = await stack.enter_async_context(Front(server.port))
        write_settings(folder, site, front.url)
        postgres = EmbeddedPostgres(data_dir)
        await asyncio.to_thread(stack.enter_context, postgres.lease())
        place = load_settings({}, folder).model_copy(update={"data_dir": data_dir}).place
        store = await stack.enter_async_context(open_store(place))
        await store.open_account(ME)
        before = frozenset(post.post_id for post in posts_of(site))
        ground = Ground(folder, site, front, postgres, store, Following(store, ME), before)
        yield ground
        if ground.kept:
            clearing.pop_all()
