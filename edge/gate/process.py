"""The gate's process: it starts its listeners, serves until its parent is gone, and settles."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import stat
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from edge.gate.authority import Authority
from edge.gate.control import Control
from edge.gate.denials import Denials
from edge.gate.house import House
from edge.gate.journal import Journal
from edge.gate.limits import DRAIN_S
from edge.gate.listening import Listener
from edge.gate.origins import Origins
from edge.gate.tokens import Role
from edge.gate.upstream import trust
from schema.errors import BadSettings

WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True)
class Place:
    """Where a gate keeps what, and what it heeds.

    `folder` holds its keys and its journal; `stop_file` forbids posting while it exists;
    `extra_authority` is a file of certificates that sites are trusted by besides the system's.
    """

    folder: Path
    stop_file: Path | None = None
    extra_authority: Path | None = None


async def serve(place: Place, origins: Sequence[str], control: Path) -> None:
    """Serve until told to stop or until standard input ends, which is the parent's end."""
    for folder in (place.folder, place.folder / "journal"):
        _own(folder)
    house = House(
        origins=Origins(origins),
        authority=Authority(place.folder),
        verified=trust(place.extra_authority),
        journal=Journal(place.folder / "journal"),
        denials=Denials(place.folder / "denied.jsonl"),
        stop_file=place.stop_file,
    )
    listeners = {role: Listener(house, role) for role in Role}
    ports = {role: await listener.start() for role, listener in listeners.items()}
    door = Control(house)
    await door.start(control)
    _say({"ports": ports, "spki": house.authority.spki})
    await _until_told()
    door.stop()
    for listener in listeners.values():
        listener.stop()
    await _settle(house)


def _own(folder: Path) -> None:
    """Make sure that nobody else puts files into a folder whose files are believed."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if folder.stat().st_mode & WRITTEN_BY_OTHERS:
        raise BadSettings(
            f"others may write into the gate's folder {folder}",
            remedy="see who did, then take the right away: chmod go-w",
        )


async def _settle(house: House) -> None:
    """Destroy the tokens; let what has left be answered and put on record."""
    for permit_id in house.tokens.drop_all():
        await house.destroy(permit_id, "the gate was stopped")
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            await house.drain()


async def _until_told() -> None:
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    stdin = sys.stdin.fileno()
    loop.add_reader(stdin, _on_end(stdin, told.set))
    await told.wait()
    loop.remove_reader(stdin)


def _on_end(descriptor: int, then: Callable[[], None]) -> Callable[[], None]:
    def read() -> None:
        if not os.read(descriptor, 1024):
            then()

    return read


def _say(facts: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
