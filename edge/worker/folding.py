"""Folding: handlers and projectors read on, account by account, until all have caught up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from edge.failpoints import at
from edge.worker.faults import Faults
from edge.worker.outdated import UNREADABLE, Succession
from schema.contracts import BATCH, Handler, Projector, Store
from schema.errors import StoreError
from schema.events.base import tag_of
from schema.events.operations import JobDue
from schema.ids import SYSTEM, Account

FORCED_EVERY = 30
"""Rounds after which everybody looks: who failed, and who has only a checkpoint to move."""

FEW = 1000
"""Of so many new events at most it is asked which types they are; after more, everybody looks."""

JOB_DUE = tag_of(JobDue.__name__)

Part = Handler | Projector[Any]

log = structlog.get_logger("folding")


class Folding:
    """Runs the moving parts that never wait for the world.

    Most of what is appended concerns few of them. A part looks at the log when something came that
    it reads, until it has come to the end itself: another worker that is at it may die half-way.
    The checkpoints of the others follow some rounds later.
    """

    def __init__(
        self,
        store: Store,
        handlers: Sequence[Handler],
        projectors: Sequence[Projector[Any]],
        faults: Faults | None = None,
        succession: Succession | None = None,
    ) -> None:
        self._store = store
        self._parts: dict[str, Part] = {
            **{f"handler {handler.name}": handler for handler in handlers},
            **{f"view {projector.name}": projector for projector in projectors},
        }
        self._order = {name: place for place, name in enumerate(self._parts)}
        self._readers = _readers(self._parts)
        self._faults = faults
        self._succession = succession
        self._rounds = 0
        self._heads: dict[Account, int] = {}
        self._due: dict[Account, set[str]] = {}
        self.failed: dict[str, str] = {}

    async def round(self) -> int:
        """Let everybody whom it may concern consume one batch; return events consumed.

        A part whose code fails is left where it is and named in `failed`; the others go on.

        Raises:
            Outdated: a part cannot read what a newer build says.
        """
        self._rounds += 1
        if self._rounds % FORCED_EVERY == 0:
            self._heads.clear()
        consumed = 0
        for account, head in (await self._store.heads()).items():
            if account != SYSTEM:
                consumed += await self._account(account, head)
        return consumed

    async def _account(self, account: Account, head: int) -> int:
        """Let the parts read on that have something to read."""
        due = await self._due_at(account, head)
        consumed = 0
        for name in sorted(due, key=self._order.__getitem__):
            came = await self._part(name, self._parts[name], account)
            consumed += came or 0
            if came is not None and came < BATCH:
                due.remove(name)
        return consumed

    async def _due_at(self, account: Account, head: int) -> set[str]:
        """Return the parts that must look: who has not come to the end, who reads what is new."""
        seen = self._heads.get(account)
        if seen is None or not seen <= head <= seen + FEW:
            self._due[account] = set(self._parts)
        elif seen < head:
            kinds = await self._kinds(account, after=seen - 1, upto=head - 1)
            self._due[account].update(*(self._readers[kind] for kind in kinds))
        self._heads[account] = head
        return self._due[account]

    async def _kinds(self, account: Account, *, after: int, upto: int) -> set[str]:
        """Return what is new: the types, and of due jobs also which.

        Where one cannot be read that is everything: each part meets it and says so.
        """
        kinds = set(await self._store.types(account, after=after, upto=upto))
        if JOB_DUE not in kinds:
            return kinds
        try:
            page = await self._store.read(account, after=after, limit=FEW, types=[JOB_DUE])
        except UNREADABLE:
            return set(self._readers)
        return kinds | {recorded.event.job for recorded in page.events}

    async def _part(self, name: str, part: Part, account: Account) -> int | None:
        try:
            if isinstance(part, Handler):
                consumed = await self._store.run_handler(part, account)
                at("handler_ran")
            else:
                consumed = await self._store.run_projector(part, account)
                at("view_folded")
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - a rule's bug must not stop the other rules
            if self._succession is not None:
                await self._succession.refuse(account, error)
            self._failed(part.name, account, error)
            if self._faults is not None:
                await self._faults.note(account, name, error)
            return 0
        if consumed:
            self.failed.pop(f"{part.name} of {account}", None)
        return consumed

    def _failed(self, name: str, account: Account, error: Exception) -> None:
        where, what = f"{name} of {account}", f"{type(error).__name__}: {error}"
        if self.failed.get(where) != what:
            log.error("a rule failed", part=name, account=account, error=what, exc_info=error)
        self.failed[where] = what


def _readers(parts: Mapping[str, Part]) -> defaultdict[str, set[str]]:
    """Return the parts by what they read: a type, or of due jobs only those that they heed."""
    readers: defaultdict[str, set[str]] = defaultdict(set)
    for name, part in parts.items():
        kinds: set[str] = set(part.reads)
        if isinstance(part, Handler) and JOB_DUE in kinds:
            kinds = kinds - {JOB_DUE} | set(part.jobs)
        for kind in kinds:
            readers[kind].add(name)
    return readers
