"""A day that tests may break, and silence: workers' own log lines are kept off the screen here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog

from tests.simulation.breaking.day import Day
from tests.simulation.checks.facts import Facts
from tests.simulation.checks.folds import REFOLDED_EVERY
from tests.simulation.faults import Weather
from tests.simulation.playing import hush, play


@pytest.fixture(scope="module", autouse=True)
def hushed() -> Iterator[None]:
    before = structlog.get_config()
    hush()
    yield
    structlog.configure(**before)


@pytest.fixture(scope="module")
def played() -> Facts:
    return Facts(play(REFOLDED_EVERY, hours=8.0, weather=Weather.ORDINARY))


@pytest.fixture
def day(played: Facts) -> Day:
    return Day(played)
