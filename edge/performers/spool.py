"""The spool: what was seen on the site survives on disk while the database is away."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import structlog

from schema.catalogue import VERSIONS, type_of
from schema.contracts import Command, NewEvent
from schema.errors import GhostproofError
from schema.ids import Account, EventId
from schema.wire import decode, encode

UNREADABLE = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError),
    GhostproofError,
)
"""What reading a file raises that is torn, was altered, or is of a newer build."""

log = structlog.get_logger("spool")


class Spool:
    """A folder of outcomes that are not in the log yet, one fsynced file each."""

    def __init__(self, folder: Path) -> None:
        """Use this folder, made on first need with owner-only permissions."""
        self.folder = folder
        self._left_lying: set[Path] = set()

    async def keep(self, account: Account, event: NewEvent) -> None:
        """Write the event so that a crash of this machine does not lose it."""
        await asyncio.to_thread(self._write, account, event)

    def _write(self, account: Account, event: NewEvent) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        kept = {
            "account": account,
            "event_id": str(event.event_id),
            "cause": str(event.cause) if event.cause else None,
            "type": type_of(event.event),
            "version": VERSIONS[type_of(event.event)],
            "body": encode(event.event).decode(),
        }
        path = self._path(event.event_id)
        partial = path.with_suffix(".partial")
        with partial.open("w") as file:
            json.dump(kept, file)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(path)
        self._sync_folder()

    def holds(self, event_id: EventId) -> bool:
        """Say whether this event is still to be appended."""
        return self._path(event_id).exists()

    def _path(self, event_id: EventId) -> Path:
        return self.folder / f"{event_id}.json"

    def _sync_folder(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def kept(self) -> Iterator[tuple[Path, Account, Command]]:
        """Yield what is still to be appended, oldest file first.

        A file that cannot be read stays where it is, is named once, and holds up no other.
        """
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob("*.json"), key=_written_ns):
            try:
                account, event = _read(path)
            except FileNotFoundError:  # a worker beside us was faster
                continue
            except UNREADABLE as error:
                self.leave_lying(path, error)
                continue
            yield path, account, Command((event,))

    def leave_lying(self, path: Path, error: Exception) -> None:
        """Name a file, once, that cannot be appended; it stays where it is."""
        if path not in self._left_lying:
            self._left_lying.add(path)
            remedy = "look at it, then mend it or move it away; its click is settled by looking"
            log.error("spool file left lying", path=str(path), why=str(error), remedy=remedy)


def _written_ns(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _read(path: Path) -> tuple[Account, NewEvent]:
    kept = json.loads(path.read_bytes())
    event = NewEvent(
        event_id=EventId(UUID(kept["event_id"])),
        event=decode(kept["type"], kept["version"], kept["body"].encode()),
        cause=EventId(UUID(kept["cause"])) if kept["cause"] else None,
    )
    return Account(kept["account"]), event
