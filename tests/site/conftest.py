"""A real forum for the whole session, and a real browser for each test that asks for one."""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from edge.browser import open_site
from edge.browser.site import BrowserSite
from edge.sandbox.install import SandboxSite, install
from edge.sandbox.server import SandboxServer
from edge.sandbox.visitor import Visitor
from edge.sites.profile import Profile, load_profile

CHECKOUT = Path(__file__).resolve().parents[2]
Open = Callable[..., Awaitable[BrowserSite]]


@dataclass(frozen=True)
class Forum:
    """The running forum and its accounts."""

    site: SandboxSite
    server: SandboxServer
    profile: Profile
    visitors: dict[str, Visitor] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.server.url

    def visitor(self, handle: str) -> Visitor:
        """Return the one visitor of a handle: the forum rations log-ins, five in five minutes."""
        if handle not in self.visitors:
            self.visitors[handle] = Visitor(self.url, handle)
            self.visitors[handle].log_in(self.site.accounts()[handle.lower()])
        return self.visitors[handle]

    def close(self) -> None:
        for visitor in self.visitors.values():
            visitor.close()


@pytest.fixture(scope="session")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a data directory whose forum environment is shared between runs: it takes 15 s."""
    named = os.environ.get("GHOSTPROOF_TEST_CACHE")
    cache = Path(named) if named else CHECKOUT / ".ghostproof" / "test-cache"
    venv = cache / "sandbox" / "venv"
    venv.mkdir(parents=True, exist_ok=True)
    sandbox = tmp_path_factory.mktemp("data") / "sandbox"
    sandbox.mkdir()
    (sandbox / "venv").symlink_to(venv)
    return sandbox.parent


@pytest.fixture(scope="session")
def installed(data_dir: Path) -> SandboxSite:
    lock = (data_dir / "sandbox" / "venv").resolve().parent / "lock"
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)  # two sessions must not install into it at once
        return asyncio.run(install(data_dir, report=print))


@pytest.fixture(scope="session")
def forum(installed: SandboxSite) -> Iterator[Forum]:
    with asyncio.Runner() as runner:
        server = SandboxServer(installed)
        runner.run(server.start())
        forum = Forum(installed, server, load_profile("spirit"))
        try:
            yield forum
        finally:
            forum.close()
            runner.run(server.stop())


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browsers() -> AsyncIterator[dict[str, BrowserSite]]:
    """Keep one browser a handle for the whole session: starting one takes a second."""
    kept: dict[str, BrowserSite] = {}
    yield kept
    for site in kept.values():
        await site.close()


@pytest_asyncio.fixture(loop_scope="session")
async def opened(
    forum: Forum, browsers: dict[str, BrowserSite], tmp_path: Path
) -> AsyncIterator[Open]:
    """Open browsers as any account, by a session made over HTTP; `own` ones end with the test."""
    own_sites: list[BrowserSite] = []

    async def open_as(
        handle: str, *, own: bool = False, profile: Profile | None = None, url: str = ""
    ) -> BrowserSite:
        if handle in browsers and not own:
            browsers[handle]._account.denials.alarming.clear()
            return browsers[handle]
        session_path = tmp_path / f"{handle}.json"
        forum.visitor(handle).keep_session(session_path)
        site = await open_site(
            profile or forum.profile,
            url or forum.url,
            handle,
            state_dir=tmp_path,
            session_path=session_path,
        )
        if own:
            own_sites.append(site)
        else:
            browsers[handle] = site
        return site

    yield open_as
    for site in own_sites:
        await site.close()
