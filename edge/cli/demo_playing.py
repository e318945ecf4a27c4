"""Plays the demo with the settings' database and data directory, quiet but for its story."""

from __future__ import annotations

import asyncio
import os
import signal

from edge.demo.play import play
from edge.logs import LEVEL_VARIABLE, set_up
from edge.settings.settings import Settings, load_settings
from edge.worker.temporary import own_temporary_folder


async def play_demo(*, keep: bool) -> None:
    """Play it; only the database and the data directory of the user's settings count.

    Ended by SIGTERM it takes down what it set up, as by Ctrl-C.
    """
    if (playing := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, playing.cancel)
    mine = load_settings()
    os.environ.setdefault(LEVEL_VARIABLE, "ERROR")
    set_up(secrets=mine.secrets)
    base = Settings(data_dir=mine.data_dir, database=mine.database, sandbox=mine.sandbox)
    with own_temporary_folder(base.data_dir):
        await play(base, keep=keep)
