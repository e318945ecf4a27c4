"""Choosing: the tier rules, the bandit picks source and style, and money must be left."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from handlers.deciding.scheduler import scheduler
from schema.events.base import Event
from schema.events.judging import Tier
from schema.events.learning import ArmTrained
from schema.events.queueing import CandidateQueued
from schema.events.scheduling import DecisionMade, SlotClosed, SlotReason
from schema.posts import Source
from schema.rules import DraftRules
from tests.handlers.facts import minutes, queued, rules, slot_opened
from tests.handlers.given import Scene
from tests.money.accounts import OPENED, REPLY, budget, called, reserved

SEEDS = range(60)
ONE_STYLE = rules(draft=DraftRules(styles=("friendly",)))


def waiting(n: int, source: Source, tier: Tier = Tier.A) -> CandidateQueued:
    return replace(queued(n, tier), source=source)


def learned(arm: str, alpha: int, beta: int) -> ArmTrained:
    return ArmTrained(arm=arm, version=3, alpha=alpha, beta=beta, pulls=alpha + beta - 2)


def decisions(*facts: Any) -> list[DecisionMade]:
    made = [Scene(scheduler, *facts).when(slot_opened(9, seed))[1] for seed in SEEDS]
    return [one for one in made if isinstance(one, DecisionMade)]


def closed(*facts: Any) -> SlotClosed:
    [event] = Scene(scheduler, *facts).when(slot_opened(9))
    assert isinstance(event, SlotClosed)
    return event


def test_the_better_source_is_picked_more_often_and_the_other_sometimes() -> None:
    items = [waiting(1, Source.VIRAL), waiting(2, Source.CURATED)]
    facts = [learned("curated/friendly", 9, 4), learned("viral/friendly", 4, 7)]
    made = decisions(ONE_STYLE, *items, *facts)
    picked = [one.source for one in made]
    assert picked.count(Source.CURATED) > picked.count(Source.VIRAL) > 0
    assert {(one.source, one.explored) for one in made} == {
        (Source.CURATED, False),
        (Source.VIRAL, True),
    }
    assert {one.arms_version for one in made} == {3}


def test_a_better_arm_does_not_beat_a_better_tier() -> None:
    items = [waiting(1, Source.CURATED, Tier.B), waiting(2, Source.VIRAL, Tier.A)]
    made = decisions(ONE_STYLE, *items, learned("curated/friendly", 50, 1))
    assert {one.tier for one in made} == {Tier.A}


def test_within_the_picked_source_the_freshest_goes() -> None:
    items = [waiting(n, Source.CURATED) for n in (3, 1, 2)]
    assert {one.target_post_id for one in decisions(ONE_STYLE, *items)} == {"p1"}


def test_the_decision_says_how_likely_its_choice_was() -> None:
    [only] = {(one.arm, one.propensity) for one in decisions(ONE_STYLE, queued(1))}
    assert only == ("keyword/friendly", 1.0)
    shares = {one.propensity for one in decisions(rules(), queued(1)) if one.propensity}
    assert all(0 < share < 1 for share in shares)


def test_the_same_slot_chooses_the_same() -> None:
    facts: list[Event] = [rules(), waiting(1, Source.VIRAL), waiting(2, Source.CURATED)]
    assert decisions(*facts) == decisions(*facts)


def test_without_money_for_a_reply_the_slot_closes() -> None:
    event = closed(budget("0"), queued(1))
    assert event.reason is SlotReason.BUDGET_EXHAUSTED
    assert event.detail == f"0 USD are left today for {REPLY}"


def test_money_for_less_than_the_last_reply_is_not_enough() -> None:
    facts = [reserved(1, "0.6", REPLY), called(1, "0.5", REPLY)]
    assert closed(budget("1"), queued(1), *facts).reason is SlotReason.BUDGET_EXHAUSTED


def test_while_the_circuit_is_open_the_slot_closes() -> None:
    assert closed(budget(), OPENED, queued(1)).detail == "the circuit is open"


def test_a_slot_may_be_the_circuits_probe() -> None:
    scene = Scene(scheduler, budget(), OPENED, minutes(15), queued(1))
    assert len(scene.when(slot_opened(9))) == 4
