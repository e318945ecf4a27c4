"""The click up to its attempt: what may fail is tried again or ends the order unattempted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from edge.performers.click import Click
from schema.errors import ChallengeShown, SiteError
from schema.events.challenging import ChallengeKind, SiteChallenged
from schema.events.posting import (
    ClickAttempt,
    ClickDeferred,
    ClickWithheld,
    DeferReason,
    PostingFailed,
    PostingSuccess,
    Via,
)
from tests.handlers.facts import TEXT
from tests.handlers.reading import ours
from tests.performers.clicks import ACCEPTED, CLICK, outcome
from tests.performers.orders import Bench

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
    [(permit_id, text, until_s)] = bench.site.pressed
    assert (permit_id, text) == (str(order.permit_id), TEXT)
    budget_s = bench.world.rules[bench.log.account].post.budget_s
    assert until_s == bench.clock.boot_s() + budget_s


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
    failed, challenged = await bench.perform(CLICK)
    assert isinstance(failed, PostingFailed)
    assert (failed.reason, failed.tries) == ("are you human?", 1)
    assert isinstance(challenged, SiteChallenged)
    assert bench.clock.slept == []


async def test_a_click_ordered_before_a_challenge_is_put_off_though_no_stop_has_landed(
    bench: Bench,
) -> None:
    bench.order_click()
    bench.say(SiteChallenged(kind=ChallengeKind.CHALLENGE, during="fetch", detail="429"))
    [deferred] = await bench.perform(CLICK)
    assert isinstance(deferred, ClickDeferred)
    assert deferred.reason is DeferReason.POSTING_STOPPED
    assert bench.said(ClickAttempt) == []
    assert bench.site.pressed == []


async def test_a_click_ordered_after_a_challenge_that_a_person_answered_goes_out(
    bench: Bench,
) -> None:
    bench.say(SiteChallenged(kind=ChallengeKind.CHALLENGE, during="fetch", detail="429"))
    bench.order_click()
    await bench.perform(CLICK)
    assert len(bench.site.pressed) == 1


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
