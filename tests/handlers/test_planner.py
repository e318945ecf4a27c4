"""The planner: a few originals at a time, on the operator's topics, under the same law."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.deciding.planner import next_topic, planner
from handlers.permits.approver import approver
from handlers.permits.permit_warden import permit_warden
from handlers.writing.drafting import drafting
from schema.events.base import Event, permit_ids
from schema.events.drafting import DraftRequested
from schema.events.operations import Job, SettingsChanged
from schema.events.permitting import PermitApproved, PermitCreated, PermitRejected, PermitRevoked
from schema.events.planning import PlanningSkipped, PlanReason
from schema.events.posting import ClickWithheld, PostingFailed
from schema.events.scheduling import DecisionMade, DecisionType
from schema.rules import BudgetRules, PermitRules, PlanRules
from tests.handlers.facts import SOME_EVENT, due, rules
from tests.handlers.given import Scene
from tests.money.accounts import usd

FOUR_HOURS = due(Job.PLAN)
TOPICS = ("compost", "mulch")


def plan(**changes: Any) -> SettingsChanged:
    fields: dict[str, Any] = {"topics": TOPICS, "has_form": True} | changes
    return rules(plan=PlanRules(**fields))


def planned(scene: Scene) -> tuple[DecisionMade, PermitCreated]:
    made, permit = scene.when(FOUR_HOURS)
    assert isinstance(made, DecisionMade)
    assert isinstance(permit, PermitCreated)
    return made, permit


def skipped(*facts: Event) -> PlanReason:
    [event] = Scene(planner, *facts).when(FOUR_HOURS)
    assert isinstance(event, PlanningSkipped)
    return event.reason


def test_an_original_is_decided_and_its_permit_asked_for_in_one_go() -> None:
    made, permit = planned(Scene(planner, plan()))
    assert made.decision_type is permit.decision_type is DecisionType.SINGLE
    assert made.pipeline_source == permit.pipeline_source == "content_planner"
    assert made.decision_id == permit.decision_id
    assert made.target_post_id is permit.target_post_id is None
    assert made.topic == "compost"


def test_topics_come_one_after_the_other() -> None:
    scene = Scene(planner, plan())
    assert [planned(scene)[0].topic for _ in range(3)] == ["compost", "mulch", "compost"]


@given(
    lists=st.lists(
        st.lists(st.sampled_from("abcd"), min_size=2, max_size=6).filter(
            lambda topics: len(set(topics)) > 1
        ),
        min_size=1,
        max_size=6,
    )
)
@example(lists=[["a", "a", "b"]])
@example(lists=[["a", "b", "c"], ["b", "a"]])
def test_no_topic_comes_twice_running_however_the_list_changes(lists: list[list[str]]) -> None:
    assert not repeats(next_topic, lists)


def test_counting_through_the_list_would_be_noticed() -> None:
    seen: list[str] = []

    def counted(topics: Sequence[str], last: str) -> str:
        seen.append(last)
        return topics[(len(seen) - 1) % len(topics)]

    assert repeats(counted, [["a", "a", "b"]])


def repeats(choose: Callable[[Sequence[str], str], str], lists: list[list[str]]) -> bool:
    """Plan each list twice round; say whether a topic came twice running, or one never."""
    last, twice = "", False
    for topics in lists:
        seen = set()
        for _ in range(2 * len(topics)):
            topic = choose(topics, last)
            twice = twice or topic == last
            last = topic
            seen.add(topic)
        twice = twice or seen != set(topics)
    return twice


def test_the_only_topic_is_planned_again() -> None:
    scene = Scene(planner, plan(topics=("compost",)))
    assert [planned(scene)[0].topic for _ in range(2)] == ["compost", "compost"]


def test_a_fourth_original_waits() -> None:
    scene = Scene(planner, plan())
    for _ in range(3):
        planned(scene)
    [event] = scene.when(FOUR_HOURS)
    assert isinstance(event, PlanningSkipped)
    assert (event.reason, event.queued) == (PlanReason.ENOUGH_QUEUED, 3)


def test_one_that_has_ended_makes_room() -> None:
    scene = Scene(planner, plan(queued_max=1))
    _, permit = planned(scene)
    planned(scene.given(ClickWithheld(**permit_ids(permit), mode="shadow")))


@pytest.mark.parametrize(
    ("in_force", "reason"),
    [
        (rules(), PlanReason.NO_TOPICS),
        (plan(has_form=False), PlanReason.NO_FORM),
        (
            rules(
                plan=PlanRules(topics=TOPICS, has_form=True),
                budget=BudgetRules(purpose_usd={"content_generation": usd("0")}),
            ),
            PlanReason.BUDGET_EXHAUSTED,
        ),
    ],
)
def test_what_is_not_planned_says_why(in_force: Event, reason: PlanReason) -> None:
    assert skipped(in_force) is reason


def test_the_same_law_judges_an_original() -> None:
    _, permit = planned(Scene(planner, plan()))
    [verdict] = Scene(approver, plan()).when(permit)
    assert isinstance(verdict, PermitApproved)
    closed = rules(permit=PermitRules(original_sources=()))
    [verdict] = Scene(approver, closed).when(permit)
    assert isinstance(verdict, PermitRejected)
    assert verdict.error_message == "invalid_pipeline_source: source=content_planner allowed="


def test_an_original_is_drafted_on_its_topic() -> None:
    made, permit = planned(Scene(planner, plan()))
    approved = PermitApproved(
        **permit_ids(permit), spends=SOME_EVENT, ttl_s=1800, approved_by="approver"
    )
    [request] = Scene(drafting, plan(), made, permit).when(approved)
    assert isinstance(request, DraftRequested)
    assert (request.topic, request.target_post_id, request.target_text) == ("compost", None, "")
    assert request.decision_type is DecisionType.SINGLE


@pytest.mark.parametrize(("final", "count"), [(True, 1), (False, 2)])
def test_an_original_that_no_try_can_post_gets_no_new_permit(*, final: bool, count: int) -> None:
    _, permit = planned(Scene(planner, plan()))
    failed = PostingFailed(**permit_ids(permit), reason="no form", tries=0, final=final)
    said = Scene(permit_warden, permit).when(failed)
    assert len(said) == count
    assert isinstance(said[0], PermitRevoked)


@pytest.mark.parametrize("event", [due(Job.SCHEDULE), plan()])
def test_everything_else_is_only_remembered(event: Event) -> None:
    assert Scene(planner, plan()).when(event) == []
