"""The reconciler on what nobody carries on: attempts without an outcome, orders set aside."""

from __future__ import annotations

import pytest

from schema.events.base import Event
from schema.events.operations import MessageParked
from schema.events.posting import OutcomeUnknown
from tests.handlers.facts import accepted, attempted, hours, minutes, seconds
from tests.handlers.given import NOTHING, Scene
from tests.handlers.reading import LOOK, UNKNOWN, clicked, opened, success

# ---- attempts that nobody ended


def test_an_attempt_that_nobody_ended_is_unknown_after_four_minutes() -> None:
    scene = clicked()
    assert of_unknowns(scene.given(seconds(239)).when(LOOK)) == []
    [unknown] = of_unknowns(scene.given(seconds(1)).when(LOOK))
    assert (unknown.permit_id, unknown.spends) == (
        attempted(1).permit_id,
        scene.id_of(attempted(1)),
    )
    assert of_unknowns(scene.given(hours(1)).when(LOOK)) == []


def of_unknowns(said: list[Event]) -> list[OutcomeUnknown]:
    return [event for event in said if isinstance(event, OutcomeUnknown)]


# ---- orders set aside


def parked(queue: str, order: int) -> MessageParked:
    return MessageParked(queue=queue, message_id=1, order_position=order, reads=6, last_error="")


def attempting(order: int) -> Scene:
    """Return a scene after one attempt that was made to carry out the order at this position."""
    scene = opened(accepted(1))
    return scene.given(attempted(1), cause=order)


def test_an_attempt_whose_order_is_set_aside_is_unknown_at_once() -> None:
    scene = attempting(order=7)
    [unknown] = scene.when(parked("click", 7))
    assert isinstance(unknown, OutcomeUnknown)
    assert unknown.permit_id == attempted(1).permit_id
    assert unknown.spends == scene.id_of(attempted(1))
    assert scene.given(hours(1)).when(parked("click", 7)) == NOTHING


@pytest.mark.parametrize("order", [6, 8])
def test_another_order_set_aside_says_nothing_of_an_attempt(order: int) -> None:
    assert attempting(order=7).when(parked("click", order)) == NOTHING


def test_an_outcome_stands_when_its_order_is_set_aside() -> None:
    scene = attempting(order=7)
    assert scene.given(success()).when(parked("click", 7)) == NOTHING


def test_a_reading_that_is_set_aside_is_not_waited_for() -> None:
    scene = clicked(UNKNOWN)
    assert len(scene.when(LOOK)) == 1
    assert scene.given(minutes(5)).when(LOOK) == NOTHING
    assert len(scene.given(parked("profile", 3)).when(LOOK)) == 1
