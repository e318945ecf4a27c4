"""A test double of a store whose connection breaks at the event that a test names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from schema.catalogue import type_of
from schema.contracts import Command, Recorded, Verdict
from schema.errors import DatabaseUnreachable
from schema.ids import Account, EventId
from tests.doubles.memory_store import MemoryStore


class FaultyStore(MemoryStore):
    """A store in memory; `lost_before` and `lost_after` are types of events.

    An append of the first kind is not made, one of the second is made and not acknowledged.
    `blind` is how many of the next lookups fail, `refused` the verdict for a type.
    """

    lost_before: str = ""
    lost_after: str = ""
    blind: int = 0

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.refused: dict[str, Verdict] = {}

    async def append(
        self, account: Account, commands: Sequence[Command], *, actor: str, approver: bool = False
    ) -> list[Verdict]:
        types = {type_of(new.event) for command in commands for new in command.events}
        if self.lost_before in types:
            raise DatabaseUnreachable("the connection broke")
        for name in types & set(self.refused):
            return [self.refused[name]]
        verdicts = await super().append(account, commands, actor=actor, approver=approver)
        if self.lost_after in types:
            raise DatabaseUnreachable("the connection broke")
        return verdicts

    async def by_id(self, account: Account, event_id: EventId) -> Recorded[Any] | None:
        if self.blind:
            self.blind -= 1
            raise DatabaseUnreachable("the connection is still broken")
        return await super().by_id(account, event_id)
