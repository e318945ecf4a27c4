"""A run of many seeds fails for what was wrong in one, unequal in two, or never seen in any."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulation.faults import ODDS
from tests.simulation.reporting import ENOUGH_SEEDS, problems, report
from tests.simulation.seen import SOMETIMES, STEPS_MIN, Seen
from tests.simulation.swarm import Played, Swarm, play_many


def everything(seeds: int = ENOUGH_SEEDS) -> Seen:
    """Return what a run has seen that has seen all that it must."""
    steps = Counter({f"step {number}": 1 for number in range(STEPS_MIN)})
    return Seen(seeds, 24.0, 1, Counter(ODDS.keys()), steps, Counter(SOMETIMES))


def swarm(*played: Played, seen: Seen | None = None) -> Swarm:
    run = Swarm()
    run.take(Played(-1, (), seen or everything()))
    for one in played:
        run.take(one)
    return run


def test_a_run_that_saw_all_and_nothing_wrong_has_no_problem() -> None:
    assert problems(swarm()) == []


def test_what_a_seed_broke_is_a_problem_that_can_be_played_again() -> None:
    run = swarm(Played(7, ("a rule: broken", "another"), Seen(1)))
    first, second = problems(run)
    assert first.startswith("seed 7: a rule: broken\n")
    assert "--seed 7 --verbose" in first
    assert second.startswith("seed 7: another\n")
    assert first in report(run)
    assert "violations: 2 in 1 seeds" in report(run)


@pytest.mark.parametrize(("again", "found"), [("ab", 0), ("cd", 1)])
def test_a_seed_that_came_out_otherwise_is_a_problem(again: str, found: int) -> None:
    run = swarm(Played(0, (), Seen(1), "ab"), Played(0, (), Seen(1), again))
    assert problems(run) == ["seed 0: played twice, two different logs"][:found]
    assert run.seen.seeds == ENOUGH_SEEDS + 1


@pytest.mark.parametrize(
    ("part", "lost", "said"),
    [
        ("faults", "site_down", "fault site_down"),
        ("happened", "slot decided", "slot decided"),
        ("died_at", "step 0", f"death at {STEPS_MIN} named steps, only {STEPS_MIN - 1}"),
    ],
)
def test_what_many_seeds_never_saw_is_a_problem_and_of_few_is_none(
    part: str, lost: str, said: str
) -> None:
    for seeds, expected in ((ENOUGH_SEEDS, [said]), (ENOUGH_SEEDS - 1, [])):
        seen = everything(seeds)
        del getattr(seen, part)[lost]
        assert problems(swarm(seen=seen)) == [
            f"never seen in {seeds} seeds: {what}" for what in expected
        ]


def test_a_seed_of_every_hundred_is_played_in_two_processes() -> None:
    told: list[int] = []
    run = play_many([100], jobs=2, tell=lambda so_far: told.append(so_far.seen.seeds))
    assert told == [1, 1]
    assert list(run.hashes) == [100]
    assert problems(run) == []
    assert run.hashes[100]
