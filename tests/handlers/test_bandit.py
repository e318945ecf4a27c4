"""The bandit: samples have the moments of their Beta, and every choice replays to the same bits."""

from __future__ import annotations

from fractions import Fraction
from statistics import fmean, pvariance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.learning import bandit
from handlers.learning.bandit import Arm, Choice, pick, samples

WHOLE = 2**64
DRAWS = 4_000

ARMS = st.lists(
    st.builds(Arm, st.sampled_from("abcdef"), st.integers(1, 30), st.integers(1, 30)),
    min_size=1,
    max_size=5,
    unique_by=lambda arm: arm.name,
)


def moments(alpha: int, beta: int) -> tuple[float, float]:
    draws = [drawn / WHOLE for drawn in samples(Arm("arm", alpha, beta), 7, DRAWS)]
    return fmean(draws), pvariance(draws)


@pytest.mark.parametrize(("alpha", "beta"), [(1, 1), (1, 5), (5, 1), (3, 4), (20, 60)])
def test_samples_have_the_mean_and_variance_of_their_beta(alpha: int, beta: int) -> None:
    whole = alpha + beta
    mean, variance = moments(alpha, beta)
    wanted = alpha * beta / (whole**2 * (whole + 1))
    assert mean == pytest.approx(alpha / whole, abs=4 * (wanted / DRAWS) ** 0.5)
    assert variance == pytest.approx(wanted, rel=0.12)


def test_the_moments_notice_an_order_statistic_off_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    true = samples

    def off(arm: Arm, seed: int, count: int) -> list[int]:
        return true(Arm(arm.name, arm.alpha, arm.beta + 1), seed, count)

    monkeypatch.setattr("tests.handlers.test_bandit.samples", off)
    with pytest.raises(AssertionError):
        test_samples_have_the_mean_and_variance_of_their_beta(3, 4)


def test_a_choice_has_these_bits_on_every_machine() -> None:
    arms = [Arm("curated/friendly", 3, 5), Arm("keyword/concise", 2, 2), Arm("viral/curious")]
    assert pick(arms, 12345) == Choice("viral/curious", 78 / 203, explored=False)
    drawn = [11_110_431_919_543_488_957, 1_920_433_613_155_278_834]
    assert samples(arms[0], 12345, 2) == drawn


@given(ARMS, st.integers(0, 2**31))
def test_a_choice_replays(arms: list[Arm], seed: int) -> None:
    assert pick(arms, seed) == pick(arms, seed)


@given(ARMS, st.integers(0, 2**31))
def test_a_choice_does_not_depend_on_the_order_of_the_arms(arms: list[Arm], seed: int) -> None:
    assert pick(arms, seed) == pick(arms[::-1], seed)


def test_the_replay_notices_chance_from_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    count = iter(range(10**9))
    true = bandit.uniform_words
    monkeypatch.setattr(bandit, "uniform_words", lambda n, *parts: true(n, *parts, next(count)))
    arms = [Arm("a"), Arm("b"), Arm("c")]
    assert len({pick(arms, 1).arm for _ in range(20)}) > 1


def test_a_propensity_is_never_nought_and_near_the_share_of_picks() -> None:
    arms = [Arm("good", 8, 4), Arm("bad", 4, 8)]
    picks = [pick(arms, seed) for seed in range(100)]
    share = sum(choice.arm == "good" for choice in picks) / len(picks)
    good = next(choice.propensity for choice in picks if choice.arm == "good")
    assert good == pytest.approx(share, abs=0.12)
    assert all(choice.propensity > 0 for choice in picks)


def test_whoever_is_not_the_best_so_far_was_explored() -> None:
    arms = [Arm("good", 3, 2), Arm("bad", 2, 3)]
    assert {
        (choice.arm, choice.explored) for choice in (pick(arms, seed) for seed in range(50))
    } == {
        ("good", False),
        ("bad", True),
    }
    assert arms[0].mean == Fraction(3, 5)
