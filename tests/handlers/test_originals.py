"""Originals: title and body are one text from the draft to the sighting, under the one law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.writing.gates import text_hash
from schema.events.base import Event, permit_ids
from schema.events.drafting import (
    DraftAccepted,
    DraftCreated,
    DraftRejected,
    DraftRequested,
    Gate,
)
from schema.events.ghosts import GhostDetected, ProfileRead, ProfileReadOrdered
from schema.events.operations import Job
from schema.events.permitting import PermitCreated, PermitRevoked, RevokeReason
from schema.events.planning import PlanningSkipped, PlanReason
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickOrdered,
    ClickWithheld,
    OutcomeUnknown,
    PostingSuccess,
    Via,
)
from schema.events.scheduling import DecisionMade
from schema.ids import EventId, derive
from schema.originals import TITLE_CHARS_MAX, parted, shown, whole
from schema.posts import Post
from schema.rules import DraftRules, PermitRules, PlanRules, Rules
from schema.text import normalised
from tests.handlers.facts import hours, minutes
from tests.handlers.flow import Flow

TITLE, BODY = "Mulch in August", "Two layers keep the soil moist.\n\nThree are too many, I found."
TEXT = whole(TITLE, BODY)
RULES = Rules(
    handle="me",
    plan=PlanRules(topics=("mulch",), has_form=True),
    permit=PermitRules(gap_s=0),
    draft=DraftRules(length_min=5),
)

# ---- the one text

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)


def joins_again(join: Callable[[str, str], str], title: str, body: str) -> None:
    """Part what was joined: both come back, and only where both are as a form keeps them."""
    fit = title == normalised(title) and body == body.strip() and len(title) <= TITLE_CHARS_MAX
    assert parted(join(title, body)) == ((title, body) if title and body and fit else None)


@given(title=words, body=st.lists(words, max_size=3).map("\n\n".join))
@example(title="A title", body="a body\n\nof two paragraphs")
def test_a_text_is_parted_where_it_was_joined(title: str, body: str) -> None:
    joins_again(whole, title, body)


def test_another_parting_is_noticed() -> None:
    with pytest.raises(AssertionError):
        joins_again(lambda title, body: f"{title}\n{body}", TITLE, BODY)


@pytest.mark.parametrize(
    "text",
    [
        *("", "only one line", "title\nbody", "\n\nbody", "title\n\n", "title\n\n body"),
        *(" title\n\nbody", "a  b\n\nbody", "a\nb\n\nbody", f"{'x' * 101}\n\nbody"),
    ],
)
def test_what_is_not_title_and_body_is_not_parted(text: str) -> None:
    assert parted(text) is None


# ---- from the planner to the sighting


class Story(Flow):
    """The whole program over one log, with originals to plan."""

    def __init__(self) -> None:
        super().__init__()
        self.put_in_force(RULES)
        self.settle()

    def plan(self) -> PermitCreated:
        """Let the planner's time come; return the permit that was asked for."""
        self.tick(hours(4), [Job.PLAN])
        self.settle()
        permit = self.of(PermitCreated)[-1].event
        assert isinstance(permit, PermitCreated)
        return permit

    def draft(self, text: str = TEXT) -> None:
        """Answer the newest request for a text."""
        request = self.of(DraftRequested)[-1].event
        ids = permit_ids(request)
        self.say(DraftCreated(**ids, ordinal=request.ordinal, text=text, language="en"))
        self.settle()

    def order(self) -> ClickOrdered:
        self.tick(minutes(1), [Job.POST])
        self.settle()
        order = self.of(ClickOrdered)[-1].event
        assert isinstance(order, ClickOrdered)
        return order

    def attempt(self, order: ClickOrdered) -> EventId:
        attempt_id = EventId(derive(order.permit_id, "click_attempt"))
        attempt = ClickAttempt(
            **permit_ids(order),
            spends=order.approval,
            target_author=None,
            text_hash=order.text_hash,
            worker_id=derive(order.permit_id, "worker"),
            baseline=None,
        )
        assert self.say(attempt, event_id=attempt_id).stands
        return attempt_id

    def read(self, *posts: Post) -> None:
        """Let our profile show these posts."""
        self.tick(minutes(20), [Job.RECONCILE])
        self.settle()
        ordered = self.of(ProfileReadOrdered)[-1].event
        self.say(ProfileRead(reading_id=ordered.reading_id, posts=posts, complete=True))
        self.settle()


def topic(story: Story, **changes: Any) -> Post:
    """Return the topic as our profile shows it."""
    fields: dict[str, Any] = {
        "post_id": "t9",
        "url": "http://site/t9",
        "author": "me",
        "title": TITLE,
        "text": " ".join(BODY.split()),
        "posted_at": story.now,
    }
    return Post(**fields | changes)


def test_an_original_goes_from_its_plan_to_its_order() -> None:
    story = Story()
    permit = story.plan()
    assert permit.target_post_id is None
    story.draft()
    order = story.order()
    assert (order.text, order.text_hash) == (TEXT, text_hash(TEXT))
    assert (order.target_post_id, order.target_url, order.target_author) == (None, None, None)


def test_a_draft_without_a_title_is_written_again_and_then_given_up() -> None:
    story = Story()
    story.plan()
    story.draft("Two layers keep the soil moist.")
    story.draft("Two layers keep the soil\nmoist, again in one paragraph.")
    refused = [row.event for row in story.of(DraftRejected)]
    assert [one.gate for one in refused] == [Gate.QUALITY, Gate.QUALITY]
    assert [one.final for one in refused] == [False, True]
    assert "not a title" in refused[0].why
    assert story.of(DraftAccepted) == []
    [revoked] = story.of(PermitRevoked)
    assert revoked.event.reason is RevokeReason.DRAFT_REJECTED


def lost(story: Story) -> PermitCreated:
    """Lose the answer to the click of an original."""
    permit = story.plan()
    story.draft()
    order = story.order()
    spends = story.attempt(order)
    story.say(OutcomeUnknown(**permit_ids(order), spends=spends, detail="lost"), cause=spends)
    story.settle()
    return permit


def test_a_lost_original_is_found_on_our_profile() -> None:
    story = Story()
    permit = lost(story)
    story.read(topic(story))
    [success] = story.of(PostingSuccess)
    assert success.event.permit_id == permit.permit_id
    assert (success.event.via, success.event.posted_id) == (Via.RECONCILIATION, "t9")
    assert story.of(GhostDetected) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another title"},
        {"text": "Another body."},
        {"is_root": False, "in_reply_to": "t1"},
    ],
)
def test_a_post_that_is_not_that_original_does_not_settle_it(changes: dict[str, Any]) -> None:
    story = Story()
    lost(story)
    story.read(topic(story, **changes))
    assert story.of(PostingSuccess) == []


def test_a_topic_that_no_permit_explains_is_a_ghost_with_its_title() -> None:
    story = Story()
    story.tick(hours(1), [])
    story.read(topic(story))
    [ghost] = story.of(GhostDetected)
    assert (ghost.event.posted_id, ghost.event.target_post_id) == ("t9", None)
    assert ghost.event.text == shown(topic(story))


@pytest.mark.parametrize("ending", [ClickWithheld, ClickBlocked])
def test_an_original_that_is_not_clicked_ends_with_its_permit(ending: type[Event]) -> None:
    story = Story()
    story.plan()
    story.draft()
    order = story.order()
    said = {"mode": "shadow"} if ending is ClickWithheld else {"code": "GP022", "reason": "no"}
    story.say(ending(**permit_ids(order), **said))
    story.settle()
    [revoked] = story.of(PermitRevoked)
    assert revoked.event.reason is RevokeReason.POSTING_FAILED
    for _ in range(60):
        story.tick(minutes(1), [Job.POST])
        story.settle()
    assert len(story.of(ClickOrdered)) == len(story.of(PermitCreated)) == 1


def test_a_fourth_original_waits_for_one_that_ends() -> None:
    story = Story()
    for _ in range(5):
        story.plan()
    decided = {row.event.decision_id for row in story.of(DecisionMade)}
    assert len(decided) == 3
    assert [row.event.reason for row in story.of(PlanningSkipped)] == [PlanReason.ENOUGH_QUEUED] * 2
