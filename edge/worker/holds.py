"""Holds: the stops that stand in one account's log, each with the worker that sees the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schema.contracts import Recorded, Store
from schema.events.operations import PostingStopped
from schema.ids import Account

TYPES = ("posting_stopped", "posting_allowed")

Hold = Recorded[PostingStopped]


@dataclass
class Holds:
    """What holds posting by now; read on from where it was read last."""

    store: Store
    account: Account
    upto: int = -1

    def __post_init__(self) -> None:
        self.standing: dict[str, Hold] = {}

    async def read_on(self) -> None:
        """Follow what was said since, by whomever."""
        while True:
            page = await self.store.read(self.account, after=self.upto, types=TYPES)
            for recorded in page.events:
                self._follow(recorded)
            self.upto = max(self.upto, page.upto)
            if not page.events:
                return

    def _follow(self, recorded: Recorded[Any]) -> None:
        self.standing.pop(recorded.event.hold, None)
        if isinstance(recorded.event, PostingStopped):
            self.standing[recorded.event.hold] = recorded
