"""Plays the demo with the settings' database and data directory, quiet but for its story."""

from __future__ import annotations

import os

from edge.demo.play import play
from edge.logs import LEVEL_VARIABLE, set_up
from edge.settings.settings import Settings, load_settings
from edge.worker.temporary import own_temporary_folder


async def play_demo(*, keep: bool) -> None:
    """Play it; only the database and the data directory of the user's settings count."""
    mine = load_settings()
    os.environ.setdefault(LEVEL_VARIABLE, "ERROR")
    set_up()
    base = Settings(data_dir=mine.data_dir, database=mine.database, sandbox=mine.sandbox)
    with own_temporary_folder(base.data_dir):
        await play(base, keep=keep)
