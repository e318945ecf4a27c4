"""Witness: what this data directory saw of each log, for a backup restored agrees with itself.

A log that lost its end shows permits as unspent that were spent. What is known outside the database
tells: the leaf of one late event. A log with another first event is another log, and no worry.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from schema.contracts import Store
from schema.errors import UnsafeDatabase
from schema.ids import Account


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The leaves (hex) of a log's first event and of the newest one at the time."""

    first: str
    position: int
    leaf: str


class Witness:
    """Keeps one file for each account in this folder."""

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder

    async def check(self, accounts: Sequence[Account]) -> None:
        """Refuse a log that no longer has what was seen of it.

        Raises:
            UnsafeDatabase: it was cut, or an old backup restored; the remedy says what to do.
        """
        heads = await self._store.heads()
        for account in (account for account in accounts if heads.get(account)):
            seen = self._seen(account)
            if seen is None or await self._leaf(account, 0) != seen.first:
                continue
            if await self._leaf(account, seen.position) != seen.leaf:
                raise UnsafeDatabase(
                    f"the log of {account} has no longer the event that this data directory saw "
                    f"at position {seen.position}",
                    remedy="it was cut or an old backup restored: do not post; go through "
                    f'docs/operations.md, "Backup and restore", then remove {self._file(account)}',
                )

    async def note(self, accounts: Sequence[Account]) -> None:
        """Keep where each log ends by now."""
        heads = await self._store.heads()
        for account in (account for account in accounts if heads.get(account)):
            position = heads[account] - 1
            first, leaf = await self._leaf(account, 0), await self._leaf(account, position)
            if first and leaf:
                self._keep(account, Seen(first, position, leaf))

    async def _leaf(self, account: Account, position: int) -> str:
        """Return the leaf at this position, "" where the log is shorter."""
        leaves = await self._store.leaves(account, after=position - 1, limit=1)
        return leaves[0].hex() if leaves else ""

    def _file(self, account: Account) -> Path:
        return self._folder / f"{account}.json"

    def _seen(self, account: Account) -> Seen | None:
        try:
            return msgspec.json.decode(self._file(account).read_bytes(), type=Seen)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            raise UnsafeDatabase(
                f"{self._file(account)} cannot be read; it says how far the log had come: {error}",
                remedy="mend it; or make sure that the log was not restored, then remove the file",
            ) from None

    def _keep(self, account: Account, seen: Seen) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        new = self._file(account).with_suffix(".new")
        new.write_bytes(msgspec.json.encode(seen))
        new.replace(self._file(account))
