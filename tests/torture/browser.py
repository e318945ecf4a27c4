"""Browser: Chromium, or Chromium and its gate, are killed within 150 ms of the click."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from edge.browser.composer import PageComposer
from edge.performers.contract import Sites
from edge.ports import Composer, Site, Target
from edge.worker.building import built
from edge.worker.temporary import own_temporary_folder
from schema.events.posting import ClickAttempt
from schema.ids import Account
from tests.torture.ground import Ground
from tests.torture.processes import browsers, gates, send
from tests.torture.program import tick

AFTER_CLICK_S = 0.150
PER_KILL_S = 60.0


@dataclass
class Killer:
    """Decides who dies with the browser, and when; counts what it did."""

    random: Random
    kills: int
    counted: Counter[str] = field(default_factory=Counter)

    def pressed(self) -> None:
        """Set the time of the kill: the page has been clicked."""
        if self.counted["browser kills"] >= self.kills:
            return
        self.counted["browser kills"] += 1
        with_gate = self.random.random() < 0.5
        self.counted["of these with the gate"] += with_gate
        delay_s = self.random.uniform(0, AFTER_CLICK_S)
        asyncio.get_running_loop().call_later(delay_s, self._kill, with_gate)

    @property
    def done(self) -> bool:
        return self.counted["browser kills"] >= self.kills

    def _kill(self, with_gate: bool) -> None:
        me = os.getpid()
        send(browsers(me) + (gates(me) if with_gate else []), signal.SIGKILL)


class WatchedSite:
    """A site whose reply forms are watched for the request that the click makes."""

    def __init__(self, site: Site, killer: Killer) -> None:
        self._site = site
        self._killer = killer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._site, name)

    @asynccontextmanager
    async def composer(self, target: Target) -> AsyncIterator[Composer]:
        async with self._site.composer(target) as composer:
            assert isinstance(composer, PageComposer)
            composer._page.on("request", self._requested)
            yield composer

    def _requested(self, request: Any) -> None:
        if request.method == "POST" and request.url.endswith("/publish/"):
            self._killer.pressed()


class WatchedSites:
    """The worker's sites, watched."""

    def __init__(self, sites: Sites, killer: Killer) -> None:
        self._sites = sites
        self._killer = killer

    async def site(self, account: Account) -> Any:
        return WatchedSite(await self._sites.site(account), self._killer)


async def kill_browsers(ground: Ground, random: Random, kills: int) -> Counter[str]:
    """Let a worker post until that many browsers have died under its hand."""
    killer = Killer(random, kills)
    with own_temporary_folder(ground.data_dir):
        await _kill(ground, killer)
    return killer.counted


async def _kill(ground: Ground, killer: Killer) -> None:
    async with built(ground.settings, ground.store) as worker:
        sites = WatchedSites(worker.world.sites, killer)
        worker.world = replace(worker.world, sites=sites)
        running = asyncio.create_task(worker.run())
        try:
            await _until_done(ground, killer, running)
        finally:
            worker.draining.set()
            await asyncio.wait([running])
    running.result()


async def _until_done(ground: Ground, killer: Killer, running: asyncio.Task[None]) -> None:
    async with asyncio.timeout(killer.kills * PER_KILL_S):
        while not killer.done and not running.done():
            await tick()
    await ground.log.catch_up()
    assert ground.log.of(ClickAttempt)
