"""A challenge or a log-in page is told beside the failure, whichever performer met it."""

from __future__ import annotations

import pytest

from edge.performers.contract import Performer
from edge.performers.fetch import Fetch
from edge.performers.metrics import Metrics
from edge.performers.profile import Profile
from edge.ports import ClickObservation, Observed
from schema.errors import (
    ChallengeShown,
    LoggedOut,
    NoSession,
    PageLocked,
    SiteError,
    SiteUnreachable,
)
from schema.events.base import Event
from schema.events.challenging import ChallengeKind, SiteChallenged
from schema.events.fetching import FetchCompleted, FetchStarted, SourcePlan, Trigger
from schema.events.ghosts import ProfileReadOrdered
from schema.events.learning import MetricsOrdered
from schema.events.posting import ClickRejected, OutcomeUnknown
from schema.ids import ReadingId, RunId, named
from schema.posts import Source
from tests.handlers.facts import of_permit
from tests.performers.clicks import CLICK, outcome
from tests.performers.orders import Bench

PLANS = tuple(
    SourcePlan(source=source, queries=(str(source),), next_cursor=0, limit=9, timebox_s=90)
    for source in Source
)
ORDERS: dict[str, tuple[Performer, Event | None]] = {
    "fetch": (
        Fetch(),
        FetchStarted(run_id=RunId(named("run")), trigger=Trigger.DUE, plan=PLANS, deadline_s=230),
    ),
    "profile": (
        Profile(),
        ProfileReadOrdered(reading_id=ReadingId(named("reading")), back_to=None, limit=60),
    ),
    "metrics": (Metrics(), MetricsOrdered(**of_permit(1), posted_id="q1")),
    "click": (CLICK, None),
}
ASKING = (
    (ChallengeShown("429"), ChallengeKind.CHALLENGE),
    (LoggedOut("nobody"), ChallengeKind.LOG_IN),
)
OTHERS = (SiteUnreachable("502"), PageLocked("403"), NoSession("never signed in"))


async def met(bench: Bench, name: str, error: SiteError) -> list[Event]:
    """Return what the performer says of its order when the site fails so, wherever it is asked."""
    performer, event = ORDERS[name]
    bench.site.pages = {str(source): [error] for source in Source}
    bench.site.looking, bench.site.sighting = [error] * 4, error
    if event is None:
        bench.order_click()
    else:
        bench.say(event)
    return await bench.perform(performer)


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize(("error", "kind"), ASKING, ids=str)
async def test_who_meets_it_says_it_once(
    bench: Bench, name: str, error: SiteError, kind: ChallengeKind
) -> None:
    *failed, challenged = await met(bench, name, error)
    assert challenged == SiteChallenged(kind=kind, during=name, detail=error.message)
    assert failed
    assert SiteChallenged not in map(type, failed)


@pytest.mark.parametrize("name", ORDERS)
@pytest.mark.parametrize(
    "error", [SiteUnreachable("502"), PageLocked("403"), NoSession("not yet")], ids=str
)
async def test_another_failure_asks_for_nobody(bench: Bench, name: str, error: SiteError) -> None:
    assert SiteChallenged not in map(type, await met(bench, name, error))


async def test_a_run_that_met_one_goes_on_and_ends(bench: Bench) -> None:
    *_, completed, _ = await met(bench, "fetch", ChallengeShown("429"))
    assert isinstance(completed, FetchCompleted)


ANSWERS = (
    ClickObservation(Observed.UNKNOWN, "slow down", 429, challenge=ChallengeKind.CHALLENGE),
    ClickObservation(Observed.REFUSED, "logged_out", 302, challenge=ChallengeKind.LOG_IN),
)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: one.detail)
async def test_the_answer_to_a_click_may_ask_for_a_person(
    bench: Bench, answer: ClickObservation
) -> None:
    bench.order_click()
    bench.site.answer = answer
    [challenged] = await bench.perform(CLICK)
    assert isinstance(challenged, SiteChallenged)
    assert challenged.kind is answer.challenge
    assert str(answer.http_status) in challenged.detail
    assert isinstance(outcome(bench), OutcomeUnknown | ClickRejected)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda one: one.detail)
async def test_the_answer_to_a_dead_hand_may_ask_for_a_person(
    bench: Bench, answer: ClickObservation
) -> None:
    bench.order_click()
    bench.site.closing = SiteError("the page fell over after the press")
    bench.site.gone_hand = answer
    [challenged] = await bench.perform(CLICK)
    assert isinstance(challenged, SiteChallenged)
    assert challenged.kind is answer.challenge
    assert len(bench.site.pressed) == 1
