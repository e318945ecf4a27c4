"""The play: database, forum, worker, three replies, a ghost by hand, and the proof of it all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from edge.addresses import FORUM, kept_address
from edge.cli.output import table
from edge.database.opening import open_store
from edge.demo.commands import ghostproof
from edge.demo.ghost import plant
from edge.demo.picture import photograph
from edge.demo.settings import ACCOUNT, demo_settings
from edge.demo.stages import Stages
from edge.demo.watching import Watch
from edge.health.opening import open_health
from edge.sandbox.install import SandboxSite, install
from edge.sandbox.server import SandboxServer
from edge.settings.settings import Settings
from edge.worker.building import built
from edge.worker.coming_up import watch_over
from edge.worker.telling import Telling
from edge.worker.worker import Worker
from eventstore.store import PostgresStore
from schema.errors import PortInUse
from schema.events.fetching import FetchStarted
from schema.events.ghosts import GhostDetected
from schema.events.posting import PostingSuccess

REPLIES = 3
FETCHES = 3  # what the certification wants to see started
REPLIES_WITHIN_S = 240.0
GHOST_WITHIN_S = 60.0
NOT_OPERATIONAL = 2


@dataclass(frozen=True)
class Stage:
    """Everything that stands while the demo plays."""

    stages: Stages
    site: SandboxSite
    url: str
    settings: Settings
    worker: asyncio.Task[None]
    watch: Watch


async def play(base: Settings, *, keep: bool) -> None:
    """Play the whole demo with the database and the data directory of `base`.

    Raises:
        DemoFailed: something did not come about.
    """
    stages = Stages()
    async with _set(base, stages) as stage:
        replies = await _replies(stage)
        ghost = await _ghost(stage, replies[-1].event.target_post_id)
        await _prove(stage, [one.event.url for one in replies], ghost)
        _times(stages)
        if keep:
            stages.say(f"left running: forum at {stage.url}, Ctrl-C ends it")
            with suppress(asyncio.CancelledError):
                await stage.worker


@asynccontextmanager
async def _set(base: Settings, stages: Stages) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as stack:
        with stages.stage("forum: install, seed and serve"):
            site = await install(base.data_dir, report=lambda line: stages.say(f"  {line}"))
            server = await _serve(site, base.sandbox.port)
            stack.push_async_callback(server.stop)
            stack.enter_context(kept_address(base.data_dir, server.url, FORUM))
        settings = demo_settings(base, site, server.url)
        with stages.stage("database: start and migrate"):
            store = await stack.enter_async_context(open_store(settings))
        worker = await stack.enter_async_context(built(settings, store))
        worker.telling = Telling(store, worker.accounts)
        stages.say(f"  health: {await _answers(stack, worker, store, settings)}")
        watch = await _watching(store, stages)
        task = asyncio.create_task(worker.run())
        try:
            yield Stage(stages, site, server.url, settings, task, watch)
        finally:
            worker.draining.set()
            await asyncio.wait([task])


async def _answers(
    stack: AsyncExitStack, worker: Worker, store: PostgresStore, settings: Settings
) -> str | None:
    """Answer for the worker by HTTP, as `run` does; return where."""
    health = stack.enter_context(open_health(settings))
    await stack.enter_async_context(health.vitals.beating())
    stack.enter_context(kept_address(settings.data_dir, health.url))
    watch_over(worker, store, health.vitals)
    return health.url


async def _serve(site: SandboxSite, port: int) -> SandboxServer:
    """Serve at the usual address if it is free, else anywhere."""
    server = SandboxServer(site)
    try:
        await server.start(port)
    except PortInUse:
        await server.start(0)
    return server


async def _watching(store: PostgresStore, stages: Stages) -> Watch:
    watch = Watch(store, ACCOUNT, stages)
    if ACCOUNT in await store.accounts():  # an earlier demo may have been ended half-way
        await ghostproof("allow-posting", "--account", ACCOUNT, "--why", "the demo begins")
    await store.open_account(ACCOUNT)
    await watch.begin()
    return watch


async def _replies(stage: Stage) -> list[Any]:
    name = f"worker: fetch, judge, schedule, permit, draft, click until {REPLIES} replies"
    with stage.stages.stage(name):
        await stage.watch.until(
            lambda _: (
                len(stage.watch.of(PostingSuccess)) >= REPLIES
                and len(stage.watch.of(FetchStarted)) >= FETCHES
            ),
            within_s=REPLIES_WITHIN_S,
            worker=stage.worker,
        )
    return stage.watch.of(PostingSuccess)[:REPLIES]


async def _ghost(stage: Stage, topic_id: str) -> GhostDetected:
    with stage.stages.stage("ghost: stop posting, post by hand, wait until it is found"):
        await ghostproof("stop-posting", "--account", ACCOUNT, "--why", "room for a ghost")
        post_id = await plant(stage.url, stage.site, topic_id)
        stage.stages.say(f"  posted by hand past the program: {post_id}")
        await stage.watch.until(
            lambda _: any(one.event.posted_id == post_id for one in stage.watch.of(GhostDetected)),
            within_s=GHOST_WITHIN_S,
            worker=stage.worker,
        )
    found = [one.event for one in stage.watch.of(GhostDetected) if one.event.posted_id == post_id]
    ghost: GhostDetected = found[0]
    return ghost


async def _prove(stage: Stage, urls: list[str], ghost: GhostDetected) -> None:
    here = ("--account", ACCOUNT)
    with stage.stages.stage("proof: chains, certification, audit"):
        for url in urls:
            await ghostproof("why", url, *here)
        await ghostproof("why", ghost.url, *here, exits=1)
        await ghostproof("certify", *here, exits=NOT_OPERATIONAL)
        why = ("--why", "planted by the demo")
        await ghostproof("ghost", "acknowledge", ghost.posted_id, *here, *why)
        await ghostproof("certify", *here)
        await ghostproof("audit")
    with stage.stages.stage("picture of a reply on its page"):
        stage.stages.say(f"  {await photograph(urls[0], stage.settings.data_dir)}")
    await ghostproof("allow-posting", *here, "--why", "the demo is over")


def _times(stages: Stages) -> None:
    rows = [*((f"{took_s:.1f} s", name) for name, took_s in stages.took)]
    stages.tell(table(("took", "stage"), [*rows, (f"{stages.total_s():.1f} s", "in all")]))
