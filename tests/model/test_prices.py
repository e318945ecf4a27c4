"""Prices: known ones exactly, unknown ones dearly, and a bound that no call passes."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge.model.prices import FRAMING_TOKENS, PRICES, UNLISTED, cost, price_of, worst_case
from edge.ports import ModelCall

CALL = ModelCall(
    purpose="p", request_id="r", system="", user="", schema_name="s", schema={}, max_tokens=300
)


def test_a_million_tokens_cost_the_listed_price() -> None:
    assert cost("gpt-4o-mini", 1_000_000, 0) == Decimal("0.15")
    assert cost("gpt-4o-mini", 0, 1_000_000) == Decimal("0.60")


def test_a_dated_snapshot_costs_what_its_family_costs() -> None:
    assert price_of("gpt-4o-mini-2024-07-18") == PRICES["gpt-4o-mini"]


def test_an_unlisted_model_is_flagged_and_dearer_than_any_listed() -> None:
    assert price_of("gpt-4o-mini-but-larger") == UNLISTED
    assert not UNLISTED.known
    assert all(UNLISTED.prompt > price.prompt for price in PRICES.values())
    assert all(UNLISTED.completion > price.completion for price in PRICES.values())


@given(st.text(), st.text())
@example("語" * 1000, "é" * 1000)
def test_the_worst_case_counts_every_byte_as_a_token(system: str, user: str) -> None:
    call = replace(CALL, system=system, user=user)
    sent = len((system + user).encode("utf-8", "replace"))

    assert worst_case(call) >= cost(call.model, sent, call.max_tokens)


def test_a_bound_by_characters_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def by_characters(call: ModelCall) -> Decimal:
        sent = len(call.system + call.user + json.dumps(call.schema))
        return cost(call.model, sent + FRAMING_TOKENS, call.max_tokens)

    monkeypatch.setitem(globals(), "worst_case", by_characters)
    with pytest.raises(AssertionError):
        test_the_worst_case_counts_every_byte_as_a_token()
