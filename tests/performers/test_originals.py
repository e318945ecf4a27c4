"""The click of an original: the form without a target, the whole text, and a sighting of both."""

from __future__ import annotations

from typing import Any

import pytest

from edge.performers.outcomes import attempt_id_of
from handlers.writing.gates import text_hash
from schema.errors import NoForm
from schema.events.drafting import DraftAccepted
from schema.events.permitting import PermitApproved
from schema.events.posting import (
    ClickAttempt,
    ClickOrdered,
    OutcomeUnknown,
    PostingFailed,
    PostingSuccess,
)
from schema.events.scheduling import DecisionType
from schema.originals import whole
from schema.posts import Post
from tests.handlers.facts import created, of_permit
from tests.handlers.given import ME
from tests.performers.clicks import ACCEPTED, CLICK, outcome
from tests.performers.orders import Bench

TEXT = whole("Mulch in August", "Two layers keep the soil moist.")
NO_TARGET: dict[str, Any] = {"target_post_id": None, "target_url": None, "target_author": None}


def order_original(bench: Bench, text: str = TEXT) -> ClickOrdered:
    """Put a lawful order for an original at the end of the log."""
    ids = of_permit(1) | {"target_post_id": None}
    single = {"decision_type": DecisionType.SINGLE, "pipeline_source": "content_planner"}
    permit = bench.say(created(1, **NO_TARGET, **single))
    approval = PermitApproved(**ids, spends=permit, ttl_s=1800, approved_by="approver")
    approved = bench.say(approval, approver=True)
    bench.say(DraftAccepted(**ids, ordinal=1, text=text, text_hash=text_hash(text)))
    order = ClickOrdered(**ids | NO_TARGET, approval=approved, text=text, text_hash=text_hash(text))
    bench.say(order)
    return order


def seen(**changes: Any) -> Post:
    fields: dict[str, Any] = {
        "post_id": "q1",
        "url": "http://site/q1",
        "author": "me",
        "title": "Mulch in August",
        "text": "Two layers keep the soil moist.",
    }
    return Post(**fields | changes)


async def test_an_original_that_was_seen_is_a_success(bench: Bench) -> None:
    order = order_original(bench)
    bench.site.answer, bench.site.posts = ACCEPTED, {"q1": seen()}
    assert await bench.perform(CLICK) == []
    success = outcome(bench)
    assert isinstance(success, PostingSuccess)
    assert (success.posted_id, success.target_post_id) == ("q1", None)
    assert success.text_hash == order.text_hash
    [(permit_id, text, _)] = bench.site.pressed
    assert (permit_id, text) == (str(order.permit_id), TEXT)


@pytest.mark.parametrize(
    "changes", [{"title": "Mulch"}, {"text": "One layer."}, {"in_reply_to": "t1"}]
)
async def test_what_is_seen_must_be_the_whole_original(
    bench: Bench, changes: dict[str, Any]
) -> None:
    order_original(bench)
    bench.site.answer, bench.site.posts = ACCEPTED, {"q1": seen(**changes)}
    await bench.perform(CLICK)
    assert isinstance(outcome(bench), OutcomeUnknown)


async def test_a_form_that_answers_something_is_not_the_one(bench: Bench) -> None:
    order_original(bench)
    bench.site.shown_target = "p9"
    [failed] = await bench.perform(CLICK)
    assert isinstance(failed, PostingFailed)
    assert failed.reason == "the form replies to p9, the permit is for None"
    assert bench.said(ClickAttempt) == []


async def test_a_site_without_the_form_ends_the_decision_at_once(bench: Bench) -> None:
    order_original(bench)
    bench.site.opening = [NoForm("the profile has no form for originals")]
    [failed] = await bench.perform(CLICK)
    assert isinstance(failed, PostingFailed)
    assert (failed.final, failed.tries) == (True, 1)
    assert bench.clock.slept == []


async def test_a_text_without_a_title_opens_no_page(bench: Bench) -> None:
    order = order_original(bench, "Two layers keep the soil moist.")
    [failed] = await bench.perform(CLICK)
    assert isinstance(failed, PostingFailed)
    assert (failed.reason, failed.final) == ("the original's text is no title and body", True)
    assert bench.site.opened == 0
    assert await bench.store.by_id(ME, attempt_id_of(order)) is None
