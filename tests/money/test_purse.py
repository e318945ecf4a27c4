"""The purse: what fits into the day stands, and the circuit lets one probe through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from handlers.money import purse as purses
from handlers.money.purse import Purse, exhausted, spent
from schema.contracts import Recorded
from schema.events.base import Event
from schema.events.money import ModelReserved
from tests.handlers.facts import hours, minutes, seconds
from tests.money.accounts import (
    CLOSED,
    JUDGE,
    OPENED,
    REPLY,
    Reading,
    budget,
    called,
    lapsed,
    reserved,
    usd,
)

DAILY = "0.35"


# ---- money


def test_a_reservation_that_fits_stands_for_the_most_it_may_cost() -> None:
    reading = Reading(budget("1"), reserved(1, "0.40"))
    assert reading.stands(1)
    assert reading.left() == usd("0.60")


def test_what_does_not_fit_does_not_stand_and_costs_nothing() -> None:
    reading = Reading(budget("1"), reserved(1, "0.60"), reserved(2, "0.60"), reserved(3, "0.40"))
    assert [reading.stands(n) for n in (1, 2, 3)] == [True, False, True]
    assert reading.left() == 0


def test_a_call_settles_its_reservation() -> None:
    reading = Reading(budget("1"), reserved(1, "0.90"), called(1, "0.02"))
    assert not reading.stands(1)
    assert reading.left() == usd("0.98")


def test_a_budget_of_zero_lets_nothing_stand() -> None:
    assert not Reading(budget("0"), reserved(1, "0.000001")).stands(1)


def test_a_purpose_has_its_own_limit_besides() -> None:
    limited = budget("1", purpose_usd={JUDGE: usd("0.2")})
    reading = Reading(limited, reserved(1, "0.15"), reserved(2, "0.15"), reserved(3, "0.15", REPLY))
    assert [reading.stands(n) for n in (1, 2, 3)] == [True, False, True]
    assert (reading.left(JUDGE), reading.left(REPLY)) == (usd("0.05"), usd("0.70"))


def test_the_day_is_that_of_the_record_and_a_new_one_is_whole() -> None:
    reading = Reading(budget("1"), reserved(1, "0.9"), called(1, "0.9"), hours(11.9))
    assert not reading.read(reserved(2, "0.5")).stands(2)
    assert reading.read(hours(0.2), reserved(3, "0.5")).stands(3)


def test_a_call_over_midnight_counts_on_the_day_of_its_reservation() -> None:
    reading = Reading(budget("1"), hours(11.99), reserved(1, "0.9"), hours(0.1))
    assert reading.left() == usd("1")
    assert reading.read(called(1, "0.5")).left() == usd("1")


def test_a_lapsed_reservation_counts_as_the_most_it_may_have_cost() -> None:
    reading = Reading(budget("1"), reserved(1, "0.4"), lapsed(1, "0.4"))
    assert reading.left() == usd("0.6")


def test_a_call_that_is_heard_of_after_all_corrects_its_lapse() -> None:
    reading = Reading(budget("1"), reserved(1, "0.4"), lapsed(1, "0.4"), called(1, "0.1"))
    assert reading.left() == usd("0.9")


def test_a_call_without_a_reservation_counts_all_the_same() -> None:
    reading = Reading(budget("1"), called(1, "0.3", reservation_id=None))
    assert reading.left() == usd("0.7")


def test_a_purpose_is_exhausted_when_its_last_price_no_longer_fits() -> None:
    reading = Reading(budget("1"), reserved(1, "0.6", REPLY), called(1, "0.5", REPLY))
    assert exhausted(reading.purse, reading.now, REPLY) == f"0.5 USD are left today for {REPLY}"
    assert exhausted(reading.purse, reading.now, JUDGE) is None


# ---- the circuit


def test_an_open_circuit_lets_nothing_through() -> None:
    assert not Reading(budget(), OPENED, minutes(14.9), reserved(1)).stands(1)


def test_after_fifteen_minutes_one_probe_goes_and_the_others_wait() -> None:
    reading = Reading(budget(), OPENED, minutes(15), reserved(1), seconds(1), reserved(2))
    assert [reading.stands(n) for n in (1, 2)] == [True, False]
    assert reading.purse.probe is not None


def test_a_probe_of_which_nothing_is_heard_is_followed_by_another() -> None:
    reading = Reading(budget(), OPENED, minutes(15), reserved(1), minutes(15), reserved(2))
    assert reading.stands(2)


def test_an_answered_probe_closes_the_circuit() -> None:
    reading = Reading(budget(), OPENED, minutes(15), reserved(1), called(1), CLOSED, reserved(2))
    assert reading.stands(2)
    assert reading.purse.open_since is None


def test_a_probe_without_quota_opens_it_for_another_time() -> None:
    reading = Reading(budget(), OPENED, minutes(15), reserved(1), OPENED, minutes(14), reserved(2))
    assert not reading.stands(2)


def test_a_flag_forces_the_circuit_open_for_ever() -> None:
    reading = Reading(budget(circuit_open=True), hours(9), reserved(1))
    assert not reading.stands(1)
    assert exhausted(reading.purse, reading.now, REPLY) == "the circuit is open"


# ---- properties


def happenings() -> st.SearchStrategy[list[Event | timedelta]]:
    """Reservations and what comes of them, in any order, over some days."""
    numbers, cents = st.integers(0, 6), st.integers(1, 30).map(lambda n: f"0.{n:02}")
    purposes = st.sampled_from([JUDGE, REPLY])
    one: st.SearchStrategy[Event | timedelta] = st.one_of(
        st.builds(reserved, numbers, cents, purposes),
        st.builds(called, numbers, st.just("0.01"), purposes),
        st.builds(lapsed, numbers),
        st.sampled_from([OPENED, CLOSED, hours(5), minutes(16), seconds(1)]),
    )
    return st.lists(one, max_size=40)


Evolve = Callable[[Purse, Recorded[Any]], Purse]


def overspent(facts: list[Event | timedelta], evolve: Evolve = purses.evolve) -> bool:
    """Say whether a reservation ever stands that takes the day beyond its money."""
    reading = Reading(budget(DAILY), evolve=evolve)
    for fact in facts:
        before = spent(reading.purse, reading.now)
        reading.read(fact)
        after = spent(reading.purse, reading.now)
        if isinstance(fact, ModelReserved) and after > max(before, Decimal(DAILY)):
            return True
    return False


@given(happenings())
def test_no_reservation_takes_a_day_beyond_its_money(facts: list[Event | timedelta]) -> None:
    assert not overspent(facts)


def test_the_property_notices_a_purse_that_refuses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purses, "refused", lambda *_: None)
    assert find(happenings(), overspent)


def crowded(facts: list[Event | timedelta]) -> bool:
    """Say whether two reservations stand within one wait of an open circuit."""
    reading = Reading(budget("100"))
    last = None
    for fact in facts:
        was_open = reading.purse.open_since is not None
        before = set(reading.purse.reserved)
        reading.read(fact)
        if fact in (OPENED, CLOSED):
            last = reading.now if fact == OPENED else None
        elif was_open and set(reading.purse.reserved) - before:
            if last is not None and reading.now - last < minutes(15):
                return True
            last = reading.now
    return False


@given(happenings())
def test_an_open_circuit_is_probed_once_a_wait(facts: list[Event | timedelta]) -> None:
    assert not crowded(facts)


def test_the_property_notices_a_circuit_that_lets_all_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(purses, "circuit_lets_through", lambda *_: True)
    assert find(happenings(), crowded)
