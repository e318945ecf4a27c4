"""The permits' rows: every status of a permit's life can be reached, and says why."""

from __future__ import annotations

from typing import Any

import pytest

from projectors.permits import PermitStatus, permits
from schema.events.base import Event
from schema.events.permitting import ReasonCode, RevokeReason
from schema.events.posting import (
    ClickNotSent,
    ClickRejected,
    LateConfirmed,
    NotSentReason,
    OutcomeAbandoned,
    OutcomeUnknown,
)
from tests.handlers.facts import (
    SOME_EVENT,
    TEXT,
    accepted,
    approved,
    attempted,
    created,
    ended,
    minutes,
    permit_expired,
    refused,
    revoked,
)
from tests.handlers.given import NOON
from tests.handlers.reading import success
from tests.projectors.rows import row, rows

UNKNOWN = ended(OutcomeUnknown, spends=SOME_EVENT, detail="the answer was lost")
ABANDONED = ended(OutcomeAbandoned, spends=SOME_EVENT, readings=5, waited_s=1800)
LATE = ended(
    LateConfirmed, spends=SOME_EVENT, posted_id="q1", url="", text_hash="0" * 64, posted_at=None
)
NOT_SENT = ended(ClickNotSent, spends=SOME_EVENT, reason=NotSentReason.DEADLINE)
REFUSED = ended(ClickRejected, spends=SOME_EVENT, code="403", detail="spam")
APPROVED: list[Event] = [created(1), approved(1)]
SPENT: list[Event] = [*APPROVED, accepted(1), attempted(1)]

LIVES: dict[PermitStatus, list[Event]] = {
    PermitStatus.CREATED: [created(1)],
    PermitStatus.APPROVED: APPROVED,
    PermitStatus.REJECTED: [created(1), refused(1)],
    PermitStatus.EXPIRED: [*APPROVED, permit_expired(1)],
    PermitStatus.REVOKED: [*APPROVED, revoked(1)],
    PermitStatus.SPENT: SPENT,
    PermitStatus.CONFIRMED: [*SPENT, success()],
    PermitStatus.NOT_SENT: [*SPENT, NOT_SENT],
    PermitStatus.REFUSED: [*SPENT, REFUSED],
    PermitStatus.UNKNOWN: [*SPENT, UNKNOWN],
    PermitStatus.ABANDONED: [*SPENT, UNKNOWN, ABANDONED],
}


@pytest.mark.parametrize("status", list(PermitStatus))
def test_a_permit_can_be(status: PermitStatus) -> None:
    assert row(permits, *LIVES[status]).status is status


@pytest.mark.parametrize(
    "life",
    [
        [*SPENT, UNKNOWN, success()],
        [*SPENT, UNKNOWN, ABANDONED, LATE],
    ],
    ids=["by reconciliation", "late"],
)
def test_an_unknown_outcome_can_be_confirmed(life: list[Event]) -> None:
    permit = row(permits, *life)
    assert (permit.status, permit.posted_id, permit.error_message) == (
        PermitStatus.CONFIRMED,
        "q1",
        None,
    )


@pytest.mark.parametrize(
    ("end", "message"),
    [
        (refused(1), "rate_limited"),
        (revoked(1, RevokeReason.PERSON), "person"),
        (NOT_SENT, "deadline"),
        (REFUSED, "spam"),
        (UNKNOWN, "the answer was lost"),
    ],
)
def test_what_went_wrong_is_said(end: Event, message: str) -> None:
    assert row(permits, *APPROVED, end).error_message == message


def test_a_refusal_has_its_code() -> None:
    permit = row(permits, created(1), refused(1, ReasonCode.TARGET_NOT_ROOT))
    assert permit.reason_code is ReasonCode.TARGET_NOT_ROOT


def test_each_moment_of_a_permits_life_is_kept() -> None:
    permit = row(
        permits, created(1), minutes(1), approved(1), accepted(1), minutes(1), attempted(1)
    )
    assert permit.created_at == NOON
    assert permit.approved_at == NOON + minutes(1)
    assert permit.expires_at == NOON + minutes(31)
    assert permit.used_at == NOON + minutes(2)


def test_the_text_is_shown_in_part_with_the_hash_of_all_of_it() -> None:
    long = TEXT * 9
    permit = row(permits, created(1), accepted(1, text=long))
    assert permit.content_preview == long[:200]
    assert permit.text_hash == accepted(1, text=long).text_hash


def test_a_renewed_permit_has_a_row_of_its_own() -> None:
    old = created(1).permit_id
    both = rows(permits, *APPROVED, permit_expired(1), created(1, "second", supersedes=old))
    assert [permit.status for permit in both] == [PermitStatus.EXPIRED, PermitStatus.CREATED]
    assert both[1].supersedes == old


def test_a_permit_nobody_created_has_no_row() -> None:
    orphans: list[Any] = [approved(1), attempted(1), success()]
    assert rows(permits, *orphans) == []
