"""Days of production code in virtual time, with everything going wrong, break no promise."""

from __future__ import annotations

import os
import sys

import pytest

from tests.simulation.regressions import REGRESSIONS
from tests.simulation.reporting import problems, report
from tests.simulation.swarm import TWICE_EVERY, play_and_judge, play_many, processors

SEEDS = int(os.environ.get("GHOSTPROOF_SEEDS", "500"))


@pytest.mark.slow
def test_no_seed_breaks_a_promise(capsys: pytest.CaptureFixture[str]) -> None:
    swarm = play_many(sorted({*range(SEEDS), *REGRESSIONS}), jobs=processors())
    with capsys.disabled():
        sys.stdout.write(f"\n{report(swarm)}\n")

    assert problems(swarm) == []


def test_the_same_seed_is_the_same_day() -> None:
    first, again = (play_and_judge(TWICE_EVERY, 6.0).log_hash for _ in range(2))
    assert first == again != ""
