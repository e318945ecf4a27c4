"""`run`: the long-running worker, until it is told to drain."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from edge.settings import Settings

app = typer.Typer()


@app.command()
def run() -> None:
    """Run the worker until SIGTERM or Ctrl-C; a second signal ends it at once.

    Settings come from ghostproof.toml and the environment (`ghostproof config show`).
    """
    from edge.settings import load_settings  # noqa: PLC0415 - only this command pays for it

    asyncio.run(_run(load_settings()))


async def _run(settings: Settings) -> None:
    from edge.database import open_store, refuse_unsafe  # noqa: PLC0415
    from edge.logs import set_up  # noqa: PLC0415
    from edge.worker.building import built  # noqa: PLC0415
    from edge.worker.telling import Telling  # noqa: PLC0415

    set_up()
    await refuse_unsafe(settings.place)
    async with open_store(settings.place) as store, built(settings, store) as worker:
        worker.telling = Telling(store, worker.accounts)
        drain_on_signals(worker.draining)
        await worker.run()


def drain_on_signals(draining: asyncio.Event) -> None:
    """Drain on the first SIGTERM or SIGINT, end at once on the second."""

    def told() -> None:
        if draining.is_set():
            os._exit(128 + signal.SIGTERM)
        draining.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
