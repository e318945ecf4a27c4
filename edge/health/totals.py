"""Totals: how often each thing happened since the log began, counted on from look to look.

Every worker counts the whole log, so that each shows the same truth and none forgets at a restart.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from eventstore.vital_signs import STRETCH, Head, Tallied
from schema.ids import Account

STRETCHES_MAX = 20
"""A scrape waits for so many; a long log is counted over several scrapes."""


class Counting(Protocol):
    """The part of the store that counting needs."""

    async def tally(self, account: Account, after: int, upto: int) -> list[Tallied]:
        """Count a stretch of a log."""


class Totals:
    """Counters by account; `complete` once everything that was there has been counted."""

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self._upto: dict[Account, int] = {}
        self.complete = False
        self.events: Counter[tuple[Account, str]] = Counter()
        self.said: Counter[tuple[Account, str, tuple[str, ...]]] = Counter()
        self.tokens: Counter[tuple[Account, str, str]] = Counter()
        self.cost_usd: defaultdict[tuple[Account, str], Decimal] = defaultdict(Decimal)

    async def count(self, store: Counting, heads: Mapping[Account, Head]) -> None:
        """Count what was appended since, as far as one scrape may wait.

        A log that became shorter was restored: everything is counted anew.
        """
        if any(heads[account].size <= upto for account, upto in self._upto.items()):
            self._forget()
        left = STRETCHES_MAX
        for account, head in heads.items():
            last = head.size - 1
            while left and (after := self._upto.get(account, -1)) < last:
                upto = min(last, after + STRETCH)
                for one in await store.tally(account, after, upto):
                    self._add(account, one)
                self._upto[account] = upto
                left -= 1
        self.complete = self.complete or bool(left)

    def _add(self, account: Account, one: Tallied) -> None:
        self.events[account, one.type] += one.count
        if one.facet:
            self.said[account, one.type, one.facet] += one.count
        if one.type == "model_called":
            purpose = one.facet[0]
            self.tokens[account, purpose, "prompt"] += one.prompt_tokens
            self.tokens[account, purpose, "completion"] += one.completion_tokens
            self.cost_usd[account, purpose] += one.cost_usd
