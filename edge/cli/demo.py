"""`demo`: the main job, from an empty folder to explained replies and one found ghost."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def demo(
    *,
    keep: Annotated[bool, typer.Option("--keep", help="Leave forum and worker running.")] = False,
) -> int:
    """Play the main job on a local forum, with a planted ghost.

    It ends when three replies are confirmed and the ghost is found. The data go to .ghostproof/ in
    the working directory, where `ghostproof why URL` finds them afterwards. Nothing is left
    running.
    """
    from edge.cli.demo_playing import play_demo  # noqa: PLC0415 - half a second of imports

    try:
        asyncio.run(play_demo(keep=keep))
    except asyncio.CancelledError:
        raise typer.Abort from None
    return 0
