"""`sandbox`: the local forum, installed and served."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Annotated

import typer

from edge.addresses import FORUM, kept_address
from edge.cli.opening import asked
from edge.cli.output import say
from edge.database.urls import DATA_DIR
from edge.sandbox.install import install as install_forum
from edge.sandbox.server import SandboxServer
from edge.settings.layers import read_layers
from edge.settings.shape import Sandbox

app = typer.Typer(no_args_is_help=True)


@app.callback()
def sandbox() -> None:
    """Install and serve a real forum on this machine."""


@app.command()
def install() -> None:
    """Install the forum and fill it; what is there already stays."""
    asked(install_forum(_data_dir(), report=say), endless=True)
    say("the forum is ready. Next: ghostproof sandbox serve")


@app.command()
def serve(
    *,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="N", min=0, max=65_535, help="0 takes any free one."),
    ] = None,
) -> None:
    """Serve the forum on loopback until Ctrl-C."""
    configured = read_layers().get("sandbox.port")
    chosen = port if port is not None else Sandbox(port=configured or Sandbox().port).port
    asked(_serve(chosen), endless=True)


async def _serve(port: int) -> None:
    site = await install_forum(_data_dir(), report=say)
    server = SandboxServer(site)
    await server.start(port)
    try:
        with kept_address(_data_dir(), server.url, FORUM):
            say(f"the forum is at {server.url}  (Ctrl-C ends it)")
            await _told_to_stop()
    finally:
        await server.stop()


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


def _data_dir() -> Path:
    return Path(read_layers().text("data_dir") or DATA_DIR)
