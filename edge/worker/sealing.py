"""Sealing: before each proof is due, the root of the tree over the log so far goes on record.

A worker grows its tree from the leaves alone. It believes no head in the log, for a forged one
would make every later one false.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from edge.worker.accounts import ACTOR
from edge.worker.ticking import slot_of
from replay.reading import newest
from schema.contracts import Command, Condition, NewEvent, Store
from schema.events.proving import TreeHead
from schema.ids import Account, EventId, Trace, named
from schema.tree import Frontier

LEAVES_A_PAGE = 5_000
LEAVES_A_TICK = 100_000  # 0.1 s of hashing: a log that nobody sealed must not hold up the clock


class Sealer:
    """Knows each account's tree as far as it has read, and the slots that it has sealed."""

    def __init__(self, store: Store, accounts: Sequence[Account], cadence_s: int) -> None:
        """Seal these accounts' logs once in so many seconds."""
        self._store = store
        self._accounts = accounts
        self._cadence_s = cadence_s
        self._trees: dict[Account, Frontier] = {}
        self._sealed: dict[Account, datetime] = {}

    async def seal(self, now: datetime) -> None:
        """Append what is due; a tree that is far behind its log catches up over some ticks."""
        slot = slot_of(now, self._cadence_s)
        heads = await self._store.heads() if self._is_due(slot) else {}
        for account in self._accounts:
            if self._sealed.get(account) != slot and heads.get(account):
                await self._seal(account, slot, heads[account])

    def _is_due(self, slot: datetime) -> bool:
        return any(self._sealed.get(account) != slot for account in self._accounts)

    async def _seal(self, account: Account, slot: datetime, size: int) -> None:
        tree = await self._grown(account, self._trees.get(account, Frontier()), size)
        self._trees[account] = tree
        if tree.size < size:
            return
        last = await newest(self._store, account, "tree_head", size)
        await self._append(account, slot, tree, last[0].position if last else -1)
        self._sealed[account] = slot

    async def _grown(self, account: Account, tree: Frontier, size: int) -> Frontier:
        until = min(size, tree.size + LEAVES_A_TICK)
        while tree.size < until:
            limit = min(LEAVES_A_PAGE, until - tree.size)
            leaves = await self._store.leaves(account, after=tree.size - 1, limit=limit)
            if not leaves:
                break  # the log became shorter meanwhile; the witness tells of it
            tree = tree.grown(leaves)
        return tree

    async def _append(self, account: Account, slot: datetime, tree: Frontier, last: int) -> None:
        """Append the head unless another worker did, or sealed more of the log meanwhile."""
        head = TreeHead(
            size=tree.size,
            root=tree.root().hex(),
            peaks=tuple(peak.hex() for peak in tree.peaks),
        )
        trace = Trace(named(account, "tree"))
        event_id = EventId(named(account, "tree_head", slot.isoformat()))
        command = Command(
            (NewEvent(event_id, head, trace=trace),), Condition(trace, last, ("tree_head",))
        )
        await self._store.append(account, [command], actor=ACTOR)
