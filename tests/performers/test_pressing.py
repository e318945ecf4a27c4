"""The click from its attempt on: one press at most, and an outcome whatever fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edge.ports import ClickObservation, Observed
from schema.errors import DatabaseUnreachable, SiteError, SiteUnreachable
from schema.events.base import Event
from schema.events.posting import (
    ClickNotSent,
    ClickRejected,
    NotSentReason,
    OutcomeUnknown,
    PostingSuccess,
)
from schema.posts import Post
from tests.doubles.site import DoubleComposer
from tests.handlers.reading import ours
from tests.performers.clicks import ACCEPTED, CLICK, outcome
from tests.performers.orders import Bench

# ---- between the attempt and the press


async def test_a_hand_that_was_held_too_long_does_not_press(bench: Bench) -> None:
    bench.order_click()
    bench.site.before_press = lambda _: bench.clock.pass_s(9.9)
    await bench.perform(CLICK)
    assert outcome(bench).reason is NotSentReason.DEADLINE
    assert bench.site.pressed == []


async def test_the_budget_ends_when_it_did_before_the_waiting(bench: Bench) -> None:
    bench.order_click()
    bench.site.before_press = lambda _: bench.clock.pass_s(7)
    await bench.perform(CLICK)
    [(_, _, until_s)] = bench.site.pressed
    assert until_s == bench.clock.boot_s() + 3


async def test_a_stop_after_the_attempt_keeps_the_hand_still(bench: Bench) -> None:
    bench.order_click()
    bench.stops.says = "the file is there"
    await bench.perform(CLICK)
    assert outcome(bench).reason is NotSentReason.POSTING_STOPPED
    assert outcome(bench).detail == "the file is there"
    assert bench.site.pressed == []


async def test_whoever_cannot_read_the_stops_does_not_press(bench: Bench) -> None:
    bench.order_click()
    bench.stops.says = DatabaseUnreachable("away")
    await bench.perform(CLICK)
    assert outcome(bench).reason is NotSentReason.POSTING_STOPPED
    assert bench.site.pressed == []


def _changed(composer: DoubleComposer) -> None:
    composer.held += "!"


def _turned(composer: DoubleComposer) -> None:
    composer.site.shown_target = "p9"


def _closed(_composer: DoubleComposer) -> None:
    raise SiteError("the page is gone")


@pytest.mark.parametrize("happens", [_changed, _turned, _closed])
async def test_a_composer_that_changed_is_not_pressed(
    bench: Bench, happens: Callable[[DoubleComposer], None]
) -> None:
    bench.order_click()
    bench.site.before_press = happens
    await bench.perform(CLICK)
    assert outcome(bench).reason is NotSentReason.COMPOSER_CHANGED
    assert bench.site.pressed == []


# ---- after the press


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        (ClickObservation(Observed.UNKNOWN, "502"), OutcomeUnknown),
        (ClickObservation(Observed.NOT_SENT, "gate"), ClickNotSent),
        (ClickObservation(Observed.REFUSED, "spam", http_status=403), ClickRejected),
        (ClickObservation(Observed.ACCEPTED, "201"), OutcomeUnknown),
        (ACCEPTED, OutcomeUnknown),
    ],
    ids=["lost", "not sent", "refused", "accepted without id", "accepted and not shown"],
)
async def test_what_was_seen_decides_the_outcome(
    bench: Bench, seen: ClickObservation, kind: type[Any]
) -> None:
    bench.order_click()
    bench.site.answer = seen
    assert await bench.perform(CLICK) == []
    assert isinstance(outcome(bench), kind)
    assert len(bench.site.pressed) == 1


@pytest.mark.parametrize("denied", [True, False])
async def test_a_press_that_led_to_something_else_is_told_apart(bench: Bench, denied: bool) -> None:
    bench.order_click()
    bench.site.answer = ClickObservation(Observed.NOT_SENT, "nothing left", denied=denied)
    await bench.perform(CLICK)
    assert outcome(bench).reason is (NotSentReason.DENIED if denied else NotSentReason.GATE)


@pytest.mark.parametrize(
    "post",
    [ours(author="somebody"), ours(text="Another text."), ours(in_reply_to="p9")],
    ids=["author", "text", "parent"],
)
async def test_a_sighting_of_something_else_proves_nothing(bench: Bench, post: Post) -> None:
    bench.order_click()
    bench.site.answer = ACCEPTED
    bench.site.posts = {"q1": post}
    await bench.perform(CLICK)
    assert isinstance(outcome(bench), OutcomeUnknown)


async def test_a_site_that_cannot_be_read_after_the_press_leaves_it_unknown(bench: Bench) -> None:
    bench.order_click()
    bench.site.answer = ACCEPTED
    bench.site.sighting = SiteError("gone")
    await bench.perform(CLICK)
    assert isinstance(outcome(bench), OutcomeUnknown)


async def test_a_page_that_fails_to_close_changes_nothing(bench: Bench) -> None:
    bench.order_click()
    bench.site.answer = ACCEPTED
    bench.site.posts = {"q1": ours("q1")}
    bench.site.closing = SiteError("the browser crashed")
    assert await bench.perform(CLICK) == []
    assert isinstance(outcome(bench), PostingSuccess)
    assert len(bench.site.pressed) == bench.site.opened == 1


async def test_an_outcome_that_cannot_be_appended_is_kept_on_disk(bench: Bench) -> None:
    bench.order_click()
    bench.site.answer = ACCEPTED
    bench.site.posts = {"q1": ours("q1")}
    bench.store.lost_before = "posting_success"
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(CLICK)
    bench.store.lost_before = ""
    [(path, account, command)] = bench.world.spool.kept()
    assert path.parent.stat().st_mode & 0o077 == 0
    await bench.store.append(account, [command], actor="spool")
    success = outcome(bench)
    assert (success.posted_id, success.spooled) == ("q1", True)


async def test_an_outcome_whose_acknowledgement_was_lost_stands_once(bench: Bench) -> None:
    bench.order_click()
    bench.store.lost_after = "outcome_unknown"
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(CLICK)
    bench.store.lost_after = ""
    for _, account, command in bench.world.spool.kept():
        await bench.store.append(account, [command], actor="spool")
    assert isinstance(outcome(bench), OutcomeUnknown)


# ---- delivered again


async def test_an_order_delivered_again_after_its_attempt_is_never_pressed(bench: Bench) -> None:
    bench.order_click()
    bench.site.before_press = _crash
    with pytest.raises(ZeroDivisionError):
        await bench.perform(CLICK)
    bench.site.before_press = lambda _: None
    bench.redeliver()
    assert await bench.perform(CLICK) == []
    assert isinstance(outcome(bench), OutcomeUnknown)
    assert bench.site.pressed == []


def _crash(_composer: DoubleComposer) -> None:
    raise ZeroDivisionError


async def _after_a_crash(bench: Bench) -> Any:
    """Let the hand die between its attempt and the press; return what its order ends in."""
    bench.order_click()
    bench.site.before_press = _crash
    with pytest.raises(ZeroDivisionError):
        await bench.perform(CLICK)
    bench.redeliver()
    await bench.perform(CLICK)
    assert bench.site.pressed == []
    return outcome(bench)


@pytest.mark.parametrize(
    ("seen", "kind"),
    [
        (ClickObservation(Observed.NOT_SENT, "nothing left"), ClickNotSent),
        (ClickObservation(Observed.REFUSED, "flood_limit", 200), ClickRejected),
        (ClickObservation(Observed.UNKNOWN, "it left the gate"), OutcomeUnknown),
        (ACCEPTED, PostingSuccess),
        (None, OutcomeUnknown),
    ],
)
async def test_what_left_the_browser_settles_the_attempt_of_a_dead_worker(
    bench: Bench, seen: ClickObservation | None, kind: type[Event]
) -> None:
    bench.site.gone_hand = seen
    bench.site.posts = {"q1": ours("q1")}
    assert type(await _after_a_crash(bench)) is kind


async def test_an_accepted_click_of_a_dead_worker_needs_a_sighting_too(bench: Bench) -> None:
    bench.site.gone_hand = ACCEPTED
    assert isinstance(await _after_a_crash(bench), OutcomeUnknown)


async def test_a_site_that_cannot_be_asked_leaves_a_dead_workers_attempt_unknown(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_permit_id: str) -> ClickObservation:
        raise SiteUnreachable("no browser")

    monkeypatch.setattr(bench.site, "settled", away)
    event = await _after_a_crash(bench)
    assert isinstance(event, OutcomeUnknown)
    assert "no browser" in event.detail


async def test_an_order_delivered_again_after_its_outcome_changes_nothing(bench: Bench) -> None:
    bench.order_click()
    bench.site.answer = ACCEPTED
    bench.site.posts = {"q1": ours("q1")}
    await bench.perform(CLICK)
    bench.redeliver()
    assert await bench.perform(CLICK) == []
    assert isinstance(outcome(bench), PostingSuccess)
    assert len(bench.site.pressed) == 1
