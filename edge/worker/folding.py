"""Folding: every handler and projector reads on, account by account, until all have caught up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import structlog

from edge.failpoints import at
from edge.worker.faults import Faults
from edge.worker.outdated import Succession
from schema.contracts import Handler, Projector, Store
from schema.errors import StoreError
from schema.ids import SYSTEM, Account

FORCED_EVERY = 10
"""Idle rounds after which everybody looks again, in case another worker died half-way."""

log = structlog.get_logger("folding")


class Folding:
    """Runs the moving parts that never wait for the world."""

    def __init__(
        self,
        store: Store,
        handlers: Sequence[Handler],
        projectors: Sequence[Projector[Any]],
        faults: Faults | None = None,
        succession: Succession | None = None,
    ) -> None:
        self._store = store
        self._parts: list[tuple[str, Handler | Projector[Any]]] = [
            *((f"handler {handler.name}", handler) for handler in handlers),
            *((f"view {projector.name}", projector) for projector in projectors),
        ]
        self._faults = faults
        self._succession = succession
        self._caught_up: dict[tuple[Account, str], int] = {}
        self._idle = 0
        self.failed: dict[str, str] = {}

    async def round(self) -> int:
        """Let everybody consume one batch; return how many events were consumed.

        A part whose code fails is left where it is and named in `failed`; the others go on.

        Raises:
            Outdated: a part cannot read what a newer build says.
        """
        self._idle += 1
        if self._idle >= FORCED_EVERY:
            self._caught_up, self._idle = {}, 0
        consumed = 0
        for account, head in (await self._store.heads()).items():
            if account != SYSTEM:
                consumed += await self._account(account, head)
        return consumed

    async def _account(self, account: Account, head: int) -> int:
        """Let the parts read on that have not looked as far as `head` and found nothing."""
        consumed = 0
        for name, part in self._parts:
            if self._caught_up.get((account, name)) != head:
                came = await self._part(name, part, account)
                consumed += came
                if not came:
                    self._caught_up[account, name] = head
        return consumed

    async def _part(self, name: str, part: Handler | Projector[Any], account: Account) -> int:
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
            self._idle = 0
            self.failed.pop(f"{part.name} of {account}", None)
        return consumed

    def _failed(self, name: str, account: Account, error: Exception) -> None:
        where, what = f"{name} of {account}", f"{type(error).__name__}: {error}"
        if self.failed.get(where) != what:
            log.error("a rule failed", part=name, account=account, error=what, exc_info=error)
        self.failed[where] = what
