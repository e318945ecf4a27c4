"""`run`: the long-running worker, until it is told to drain."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from edge.health.opening import Health
    from edge.health.vitals import Vitals
    from edge.settings.settings import Settings

app = typer.Typer()


@app.command()
def run() -> None:
    """Run the worker until SIGTERM or Ctrl-C.

    A second signal ends it at once. Settings come from ghostproof.toml and the environment
    (`ghostproof config show`). The health server is up first, and says why while the database is
    not there yet.
    """
    from edge.logs import set_up  # noqa: PLC0415 - only this command pays for it
    from edge.settings.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    set_up(secrets=settings.secrets)
    from edge.health.opening import open_health  # noqa: PLC0415
    from edge.worker.temporary import own_temporary_folder  # noqa: PLC0415

    with open_health(settings) as health, own_temporary_folder(settings.data_dir):
        asyncio.run(_run(settings, health))


async def _run(settings: Settings, health: Health) -> None:
    from edge.worker.coming_up import work_when_it_can  # noqa: PLC0415 - the server is up by now

    draining = asyncio.Event()
    drain_on_signals(draining, health.vitals)
    async with health.vitals.beating():
        await work_when_it_can(settings, health, draining)


def drain_on_signals(draining: asyncio.Event, vitals: Vitals) -> None:
    """Drain on the first SIGTERM or SIGINT, end at once on the second."""

    def told() -> None:
        if draining.is_set():
            os._exit(128 + signal.SIGTERM)
        draining.set()
        vitals.drain()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
