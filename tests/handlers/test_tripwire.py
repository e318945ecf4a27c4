"""The tripwire: what asks for a person stops posting, once, until a person allows it."""

from __future__ import annotations

import pytest

from handlers.clicking.tripwire import BY, tripwire
from schema.events.challenging import ChallengeKind, SiteChallenged
from schema.events.operations import PostingStopped, StopSource
from tests.handlers.facts import allowed, stopped
from tests.handlers.given import NOTHING, Scene


def challenged(kind: ChallengeKind = ChallengeKind.CHALLENGE) -> SiteChallenged:
    return SiteChallenged(kind=kind, during="fetch", detail="http://site/ answered 429")


@pytest.mark.parametrize("kind", list(ChallengeKind))
def test_what_asks_for_a_person_turns_the_logged_switch_on(kind: ChallengeKind) -> None:
    [stop] = Scene(tripwire).when(challenged(kind))
    assert isinstance(stop, PostingStopped)
    assert (stop.source, stop.by) == (StopSource.LOGGED, BY)
    assert "fetch" in stop.why
    assert "429" in stop.why


def test_a_switch_that_is_on_is_left_alone() -> None:
    scene = Scene(tripwire)
    scene.when(challenged())
    assert scene.when(challenged()) == NOTHING
    assert Scene(tripwire, stopped()).when(challenged()) == NOTHING


@pytest.mark.parametrize("source", [StopSource.FLAG, StopSource.FILE])
def test_a_flag_or_a_file_that_may_end_by_itself_does_not_suffice(source: StopSource) -> None:
    assert Scene(tripwire, stopped(source)).when(challenged()) != NOTHING


def test_once_a_person_has_allowed_posting_the_next_one_stops_it_again() -> None:
    scene = Scene(tripwire)
    scene.when(challenged())
    assert scene.given(allowed()).when(challenged()) != NOTHING


def test_other_stops_are_nothing_to_it() -> None:
    scene = Scene(tripwire)
    assert scene.when(stopped()) == NOTHING
    assert scene.when(allowed()) == NOTHING
