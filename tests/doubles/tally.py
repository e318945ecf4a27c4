"""The tally of a comparison: how many histories, and how each click in them was answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from schema.catalogue import type_of
from schema.contracts import Command


@dataclass
class Tally:
    """What was drawn so far; `answers` counts clicks by ``ok``, ``same`` or the code of refusal."""

    histories: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    with_a_click: set[int] = field(default_factory=set)
    differed: str = ""

    def count(self, commands: Sequence[Command], said: Sequence[str]) -> None:
        """Take the answers of one call into account; a call that was refused whole has but one."""
        for number, command in enumerate(commands):
            if any(type_of(new.event) == "click_attempt" for new in command.events):
                code = said[min(number, len(said) - 1)].split()[0]
                self.answers[code] += 1
                if code == "ok":
                    self.with_a_click.add(self.histories)

    def differ(self, what: str) -> None:
        """Remember the first difference, which later ones only repeat or shorten."""
        self.differed = self.differed or f"history {self.histories}: {what}"

    def __str__(self) -> str:
        answers = ", ".join(f"{code} {count}" for code, count in sorted(self.answers.items()))
        share = f"{len(self.with_a_click)} of {self.histories} histories had a click that stands"
        return f"{share}; clicks by answer: {answers}"
