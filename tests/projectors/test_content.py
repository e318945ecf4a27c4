"""The content's rows: a decision's text from drafting to its post, or to why there is none."""

from __future__ import annotations

from typing import Any

import pytest

from projectors.content import ContentStatus, Generation, content
from projectors.evaluations import evaluations
from schema.events.base import Event
from schema.events.judging import Verdict
from schema.events.permitting import RevokeReason
from schema.events.posting import (
    ClickBlocked,
    ClickNotSent,
    ClickRejected,
    ClickWithheld,
    LateConfirmed,
    NotSentReason,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingFailed,
)
from tests.handlers.facts import (
    SOME_EVENT,
    TEXT,
    accepted,
    approved,
    attempted,
    created,
    decided,
    draft_refused,
    drafted,
    ended,
    evaluated,
    minutes,
    permit_expired,
    refused,
    revoked,
)
from tests.handlers.given import NOON
from tests.handlers.reading import success
from tests.projectors.rows import row, rows

BEGUN = [decided(), created(), approved()]
QUEUED = [*BEGUN, drafted(), accepted()]
CLICKED = [*QUEUED, attempted()]
LATE = ended(
    LateConfirmed, spends=SOME_EVENT, posted_id="q1", url="u", text_hash="0", posted_at=NOON
)


def cut(kind: type[Event], **fields: Any) -> Any:
    return ended(kind, spends=SOME_EVENT, **fields)


ABANDONED = cut(OutcomeAbandoned, readings=5, waited_s=1800)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (BEGUN, ContentStatus.DRAFTING),
        ([*BEGUN, drafted()], ContentStatus.DRAFTING),
        ([*BEGUN, draft_refused(final=False)], ContentStatus.DRAFTING),
        ([*BEGUN, draft_refused()], ContentStatus.FAILED),
        (QUEUED, ContentStatus.QUEUED),
        ([*QUEUED, revoked()], ContentStatus.QUEUED),
        ([*QUEUED, permit_expired(), created(1, "second")], ContentStatus.QUEUED),
        ([*QUEUED, revoked(1, RevokeReason.PERSON)], ContentStatus.CANCELLED),
        ([*QUEUED, revoked(1, RevokeReason.QUEUE_ITEM_EXPIRED)], ContentStatus.CANCELLED),
        ([*QUEUED, ended(PostingFailed, reason="r", tries=4)], ContentStatus.QUEUED),
        ([*QUEUED, ended(PostingFailed, reason="r", tries=4, final=True)], ContentStatus.FAILED),
        ([decided(), created(), refused()], ContentStatus.CANCELLED),
        ([decided(), created(), refused(), created(1, "second")], ContentStatus.DRAFTING),
        ([*QUEUED, ended(ClickWithheld, mode="shadow")], ContentStatus.CANCELLED),
        ([*QUEUED, ended(ClickBlocked, code="GP010", reason="r")], ContentStatus.FAILED),
        (CLICKED, ContentStatus.QUEUED),
        ([*CLICKED, success()], ContentStatus.POSTED),
        ([*CLICKED, success(), created(1, "second")], ContentStatus.POSTED),
        ([*CLICKED, cut(OutcomeUnknown, detail="d")], ContentStatus.QUEUED),
        ([*CLICKED, cut(ClickNotSent, reason=NotSentReason.GATE)], ContentStatus.FAILED),
        ([*CLICKED, cut(ClickRejected, code="c", detail="d")], ContentStatus.FAILED),
        ([*CLICKED, ABANDONED], ContentStatus.FAILED),
        ([*CLICKED, ABANDONED, LATE], ContentStatus.POSTED),
    ],
)
def test_a_status_follows_from_what_happened(facts: list[Event], status: ContentStatus) -> None:
    assert row(content, *facts).status is status


def test_the_text_is_there_once_it_is_accepted() -> None:
    assert row(content, *BEGUN, drafted()).content is None
    assert row(content, *QUEUED).content == TEXT


def test_a_row_has_the_ids_of_its_chain() -> None:
    made, shown = decided(), row(content, minutes(1), decided())
    assert (shown.decision_id, shown.queue_id) == (made.decision_id, made.queue_id)
    assert shown.evaluation_id == made.evaluation_id
    assert shown.scheduler_run_id == made.scheduler_run_id
    assert (shown.target_post_id, shown.target_author) == ("p1", "author1")
    assert (shown.scheduled_at, shown.created_at) == (NOON, NOON + minutes(1))


@pytest.mark.parametrize("synthetic", [False, True])
def test_what_a_double_wrote_is_synthetic(*, synthetic: bool) -> None:
    wrote = Generation.SYNTHETIC if synthetic else Generation.REAL
    assert row(content, *BEGUN, drafted(synthetic=synthetic)).generation_source is wrote


def test_a_decision_nobody_made_has_no_row() -> None:
    assert rows(content, created(), accepted(), success()) == []


def test_an_evaluation_is_a_row_whatever_it_says() -> None:
    kept = rows(evaluations, evaluated(1), evaluated(2, verdict=Verdict.REJECT, tier=None))
    assert [(one.candidate_post_id, one.verdict) for one in kept] == [
        ("p1", Verdict.PASS),
        ("p2", Verdict.REJECT),
    ]
