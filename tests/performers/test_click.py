"""The click: intention first, one press at most, and an outcome whatever fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from edge.performers.click import Click
from edge.performers.outcomes import attempt_id_of
from edge.ports import ClickObservation, Observed
from schema.contracts import Command, NewEvent, Verdict
from schema.errors import ChallengeShown, DatabaseUnreachable, SiteError, StoreError
from schema.events.base import permit_ids
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickDeferred,
    ClickNotSent,
    ClickOrdered,
    ClickRejected,
    ClickWithheld,
    DeferReason,
    NotSentReason,
    OutcomeUnknown,
    PostingFailed,
    PostingSuccess,
    Via,
)
from schema.posts import Post
from tests.doubles.site import DoubleComposer
from tests.handlers.facts import TEXT, stopped
from tests.handlers.reading import ours
from tests.performers.orders import Bench

CLICK = Click("live")
ACCEPTED = ClickObservation(Observed.ACCEPTED, "201", http_status=201, posted_id="q1")
OUTCOMES = (PostingSuccess, ClickNotSent, ClickRejected, OutcomeUnknown)


def outcome(bench: Bench) -> Any:
    """Return the one outcome of the one attempt."""
    [attempt] = bench.said(ClickAttempt)
    [event] = bench.said(*OUTCOMES)
    assert event.permit_id == attempt.permit_id
    assert event.spends == attempt_id_of(bench.said(ClickOrdered)[0])
    return event


# ---- all goes well


async def test_a_post_that_was_seen_is_a_success(bench: Bench) -> None:
    order = bench.order_click()
    bench.site.answer = ACCEPTED
    bench.site.posts = {"q1": ours("q1")}
    bench.site.profile_posts = [ours("q0")]
    assert await bench.perform(CLICK) == []
    success = outcome(bench)
    assert isinstance(success, PostingSuccess)
    assert (success.posted_id, success.via) == ("q1", Via.RESPONSE)
    [attempt] = bench.said(ClickAttempt)
    assert (attempt.baseline, attempt.text_hash) == ("q0", order.text_hash)
    [(permit_id, text, timeout_s)] = bench.site.pressed
    assert (permit_id, text) == (str(order.permit_id), TEXT)
    assert timeout_s <= bench.world.rules[bench.log.account].post.budget_s


async def test_the_attempt_is_in_the_log_before_the_press(bench: Bench) -> None:
    bench.order_click()
    seen: list[int] = []
    bench.site.before_press = lambda _: seen.append(len(bench.said(ClickAttempt)))
    await bench.perform(CLICK)
    assert seen == [1]


# ---- before the attempt


async def test_a_missing_composer_is_tried_again_after_1_2_and_4_seconds(bench: Bench) -> None:
    bench.order_click()
    bench.site.opening = [SiteError(f"no composer {n}") for n in range(4)]
    [failed] = await bench.perform(CLICK)
    assert isinstance(failed, PostingFailed)
    assert (failed.reason, failed.tries) == ("no composer 3", 4)
    assert bench.clock.slept == [1, 2, 4]
    assert bench.said(ClickAttempt) == []
    assert bench.site.pressed == []


@pytest.mark.parametrize("fails", [1, 2, 3])
async def test_a_composer_that_comes_late_is_used(bench: Bench, fails: int) -> None:
    bench.order_click()
    bench.site.opening = [SiteError("no composer")] * fails
    await bench.perform(CLICK)
    assert len(bench.site.pressed) == 1
    assert bench.clock.slept == [1, 2, 4][:fails]


def looks_away(bench: Bench) -> None:
    bench.site.looking = [SiteError("profile away")] * 4


def spoils_the_text(bench: Bench) -> None:
    bench.site.spoil = lambda text: text[:-1]


def shows_another_target(bench: Bench) -> None:
    bench.site.shown_target = "p9"


@pytest.mark.parametrize("wrong", [looks_away, spoils_the_text, shows_another_target])
async def test_what_is_wrong_before_the_attempt_prevents_it(
    bench: Bench, wrong: Callable[[Bench], None]
) -> None:
    bench.order_click()
    wrong(bench)
    [failed] = await bench.perform(CLICK)
    assert isinstance(failed, PostingFailed)
    assert bench.said(ClickAttempt) == []


async def test_a_challenge_ends_the_order_at_once(bench: Bench) -> None:
    bench.order_click()
    bench.site.opening = [ChallengeShown("are you human?")]
    [failed] = await bench.perform(CLICK)
    assert isinstance(failed, PostingFailed)
    assert (failed.reason, failed.tries) == ("are you human?", 1)
    assert bench.clock.slept == []


async def test_an_order_whose_text_is_not_the_accepted_one_opens_nothing(bench: Bench) -> None:
    bench.order_click(text="Something else altogether.")
    [failed] = await bench.perform(CLICK)
    assert isinstance(failed, PostingFailed)
    assert failed.tries == 0
    assert bench.site.opened == 0


async def test_shadow_does_everything_but_attempt(bench: Bench) -> None:
    bench.order_click()
    [withheld] = await bench.perform(Click("shadow"))
    assert isinstance(withheld, ClickWithheld)
    assert withheld.mode == "shadow"
    assert bench.site.opened == 1
    assert bench.said(ClickAttempt) == []
    assert bench.site.pressed == []


# ---- arming


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("GP013", DeferReason.SUPERSEDED),
        ("GP020", DeferReason.POSTING_STOPPED),
        ("GP021", DeferReason.SUPERSEDED),
        ("GP023", DeferReason.RATE_LIMITED),
    ],
)
async def test_a_lost_race_defers_the_click(bench: Bench, code: str, reason: DeferReason) -> None:
    bench.order_click()
    bench.store.refused["click_attempt"] = Verdict(code, None, "why")
    [deferred] = await bench.perform(CLICK)
    assert isinstance(deferred, ClickDeferred)
    assert (deferred.reason, deferred.detail) == (reason, f"{code} why")
    assert bench.site.pressed == []


@pytest.mark.parametrize("code", ["GP010", "GP011", "GP012", "GP014", "GP022", "GP024"])
async def test_an_unlawful_attempt_is_blocked(bench: Bench, code: str) -> None:
    bench.order_click()
    bench.store.refused["click_attempt"] = Verdict(code, None, "why")
    [blocked] = await bench.perform(CLICK)
    assert isinstance(blocked, ClickBlocked)
    assert (blocked.code, blocked.reason) == (code, "why")
    assert bench.site.pressed == []


async def test_a_stop_before_the_attempt_defers_by_the_law_itself(bench: Bench) -> None:
    bench.order_click()
    bench.say(stopped())
    [deferred] = await bench.perform(CLICK)
    assert isinstance(deferred, ClickDeferred)
    assert deferred.reason is DeferReason.POSTING_STOPPED


async def test_an_expired_permit_is_not_clicked(bench: Bench) -> None:
    bench.order_click()
    bench.clock.pass_s(1800)
    [deferred] = await bench.perform(CLICK)
    assert isinstance(deferred, ClickDeferred)
    assert bench.site.pressed == []


async def test_an_unacknowledged_attempt_that_stands_is_not_sent(bench: Bench) -> None:
    bench.order_click()
    bench.store.lost_after = "click_attempt"
    assert await bench.perform(CLICK) == []
    assert outcome(bench).reason is NotSentReason.COMMIT_UNKNOWN
    assert bench.site.pressed == []


def blinding(bench: Bench, lookups: int) -> Callable[[str], str]:
    """Let that many lookups fail from the moment on at which the composer is filled."""

    def fill(text: str) -> str:
        bench.store.blind = lookups
        return text

    return fill


async def test_an_unacknowledged_attempt_is_looked_for_until_the_database_is_back(
    bench: Bench,
) -> None:
    bench.order_click()
    bench.store.lost_after = "click_attempt"
    bench.site.spoil = blinding(bench, 3)
    assert await bench.perform(CLICK) == []
    assert bench.clock.slept == [0.5, 1, 2, 5]
    assert outcome(bench).reason is NotSentReason.COMMIT_UNKNOWN


async def test_an_order_whose_attempt_is_not_found_comes_again(bench: Bench) -> None:
    bench.order_click()
    bench.store.lost_before = "click_attempt"
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(CLICK)
    assert bench.site.pressed == []
    assert list(bench.world.spool.kept()) == []
    bench.store.lost_before = ""
    bench.redeliver()
    await bench.perform(CLICK)
    assert len(bench.site.pressed) == 1


async def test_while_the_database_stays_away_the_outcome_is_kept_on_disk(bench: Bench) -> None:
    bench.order_click()
    bench.store.lost_after = "click_attempt"
    bench.site.spoil = blinding(bench, 99)
    with pytest.raises(DatabaseUnreachable):
        await bench.perform(CLICK)
    [(_, account, command)] = bench.world.spool.kept()
    assert account == bench.log.account
    [kept] = command.events
    assert isinstance(kept.event, ClickNotSent)
    assert bench.site.pressed == []


@pytest.mark.parametrize("baseline", [None, "q0"], ids=["the same bytes", "other bytes"])
async def test_an_attempt_in_other_hands_is_left_to_them(
    bench: Bench, baseline: str | None
) -> None:
    order = bench.order_click()

    def meanwhile(text: str) -> str:
        _attempt_elsewhere(bench, order, baseline)
        return text

    bench.site.spoil = meanwhile
    with pytest.raises(StoreError, match="another worker"):
        await bench.perform(CLICK)
    assert bench.site.pressed == []
    assert bench.said(*OUTCOMES) == []
    bench.redeliver()
    await bench.perform(CLICK)
    assert isinstance(outcome(bench), OutcomeUnknown)
    assert bench.site.pressed == []


def _attempt_elsewhere(bench: Bench, order: ClickOrdered, baseline: str | None) -> None:
    position = len(bench.log.rows) - 1
    attempt = ClickAttempt(
        **permit_ids(order),
        spends=order.approval,
        target_author=order.target_author,
        text_hash=order.text_hash,
        worker_id=bench.world.worker_id,
        baseline=baseline,
    )
    cause = bench.log.rows[position].event_id
    new = NewEvent(attempt_id_of(order), attempt, cause=cause)
    bench.store.append_now(bench.log.account, [Command((new,))], actor="click")


# ---- between the attempt and the press


async def test_a_hand_that_was_held_too_long_does_not_press(bench: Bench) -> None:
    bench.order_click()
    bench.site.before_press = lambda _: bench.clock.pass_s(9.9)
    await bench.perform(CLICK)
    assert outcome(bench).reason is NotSentReason.DEADLINE
    assert bench.site.pressed == []


async def test_what_is_left_of_the_budget_is_the_presss_time(bench: Bench) -> None:
    bench.order_click()
    bench.site.before_press = lambda _: bench.clock.pass_s(7)
    await bench.perform(CLICK)
    [(_, _, timeout_s)] = bench.site.pressed
    assert timeout_s == 3


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


def _closed(_composer: DoubleComposer) -> None:
    raise SiteError("the page is gone")


@pytest.mark.parametrize("happens", [_changed, _closed])
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


async def test_what_left_the_browser_settles_the_attempt_of_a_dead_worker(bench: Bench) -> None:
    bench.order_click()
    bench.site.before_press = _crash
    with pytest.raises(ZeroDivisionError):
        await bench.perform(CLICK)
    bench.site.gone_hand = ClickObservation(Observed.NOT_SENT, "nothing left")
    bench.redeliver()
    await bench.perform(CLICK)
    assert outcome(bench).reason is NotSentReason.GATE


async def test_an_order_delivered_again_after_its_outcome_changes_nothing(bench: Bench) -> None:
    bench.order_click()
    bench.site.answer = ACCEPTED
    bench.site.posts = {"q1": ours("q1")}
    await bench.perform(CLICK)
    bench.redeliver()
    assert await bench.perform(CLICK) == []
    assert isinstance(outcome(bench), PostingSuccess)
    assert len(bench.site.pressed) == 1
