"""The bugs made on purpose still fit the code, and hunting one finds it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.simulation.mutants.__main__ import MUTANTS
from tests.simulation.mutants.mutant import Edit, Mutant


def test_there_are_thirty_bugs() -> None:
    assert len(MUTANTS) >= 30


@pytest.mark.parametrize("name", MUTANTS)
def test_a_bug_fits_the_code(name: str) -> None:
    MUTANTS[name].check()


def test_a_bug_that_fits_no_more_is_named() -> None:
    lost = Mutant("lost", (Edit("handlers/clicking/posting.py", "what was there once", ""),))

    with pytest.raises(ValueError, match="adapt the mutant"):
        lost.check()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "caught_by"),
    [
        ("press again when the first answer is unknown", "every_permit_bought_one_press"),
        ("an alert is raised at every look", "raised_and_only_once"),
        ("a probe while posting is stopped", "it_waits_and_does_not_use_up_the_build"),
        ("quiet hours are those of UTC", "as_many_minutes_are_quiet_as_lie_between"),
    ],
)
def test_a_bug_is_caught(name: str, caught_by: str) -> None:
    command = [sys.executable, "-m", "tests.simulation.mutants", "--one", name]

    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert caught_by in done.stdout
