"""What a call costs, in US dollars, from a small price table."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from edge.ports import ModelCall

_PER = Decimal(1_000_000)
_DATED = re.compile(r"-\d{4}-\d{2}-\d{2}$")

FRAMING_TOKENS: Final = 64
"""Tokens that an endpoint adds around messages and schema; measured ones stay below 20."""


@dataclass(frozen=True)
class Price:
    """US dollars for a million tokens; `known` is False for the default of unlisted models."""

    prompt: Decimal
    completion: Decimal
    known: bool = True


PRICES: Final[Mapping[str, Price]] = {
    "gpt-4o-mini": Price(Decimal("0.15"), Decimal("0.60")),
    "gpt-4o": Price(Decimal("2.50"), Decimal("10.00")),
    "gpt-4.1": Price(Decimal("2.00"), Decimal("8.00")),
    "gpt-4.1-mini": Price(Decimal("0.40"), Decimal("1.60")),
    "gpt-4.1-nano": Price(Decimal("0.10"), Decimal("0.40")),
    "gpt-5": Price(Decimal("1.25"), Decimal("10.00")),
    "gpt-5-mini": Price(Decimal("0.25"), Decimal("2.00")),
    "gpt-5-nano": Price(Decimal("0.05"), Decimal("0.40")),
    "o3": Price(Decimal("2.00"), Decimal("8.00")),
    "o4-mini": Price(Decimal("1.10"), Decimal("4.40")),
}

# Dearer than every listed model: an unlisted one may exhaust the budget early, never overrun it.
UNLISTED: Final = Price(Decimal("15.00"), Decimal("60.00"), known=False)


def price_of(model: str) -> Price:
    """Give the price of a model; a dated snapshot costs what its family costs."""
    return PRICES.get(_DATED.sub("", model), UNLISTED)


def cost(model: str, prompt_tokens: int, completion_tokens: int) -> Decimal:
    """Give the cost in US dollars of so many tokens, exactly."""
    price = price_of(model)
    return (price.prompt * prompt_tokens + price.completion * completion_tokens) / _PER


def worst_case(call: ModelCall) -> Decimal:
    """Give the most that a call may cost: every byte a token, every allowed token written.

    A byte-level tokenizer never makes more tokens than there are UTF-8 bytes.
    """
    schema = json.dumps(call.schema, ensure_ascii=False)
    sent = sum(len(part.encode("utf-8", "replace")) for part in (call.system, call.user, schema))
    return cost(call.model, sent + FRAMING_TOKENS, call.max_tokens)
