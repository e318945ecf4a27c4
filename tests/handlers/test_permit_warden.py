"""The permit warden: what ends an unspent permit, and when its decision gets a new one."""

from __future__ import annotations

from typing import Any

import pytest

from handlers.permits.permit_warden import permit_warden
from schema.events.base import Event
from schema.events.operations import Job, StopSource
from schema.events.permitting import (
    PermitCreated,
    PermitExpired,
    PermitRevoked,
    ReasonCode,
    RevokeReason,
)
from schema.events.posting import PostingFailed
from tests.handlers.facts import (
    allowed,
    approved,
    attempted,
    created,
    draft_refused,
    due,
    ended,
    item_expired,
    item_rejected,
    minutes,
    refused,
    stopped,
)
from tests.handlers.given import NOTHING, Scene

PASS = due(Job.POST)
FAILED = ended(PostingFailed, reason="composer missing", tries=4)


def alive(*more: Any) -> Scene:
    return Scene(permit_warden, created(1), approved(1), *more)


def renewal(event: Event) -> PermitCreated:
    assert isinstance(event, PermitCreated)
    assert event.supersedes == created(1).permit_id
    assert event.permit_id != created(1).permit_id
    assert event.decision_id == created(1).decision_id
    return event


def revocation(scene: Scene, event: Event, spent: Event) -> RevokeReason:
    assert isinstance(event, PermitRevoked)
    assert event.spends == scene.id_of(spent)
    return event.reason


def test_an_approved_permit_expires_after_its_time_and_is_renewed_once() -> None:
    scene = alive(minutes(30))
    ended, renewed = scene.when(PASS)
    assert isinstance(ended, PermitExpired)
    assert ended.spends == scene.id_of(approved(1))
    renewal(renewed)
    assert scene.when(PASS) == NOTHING


def test_an_approved_permit_lives_until_then() -> None:
    assert alive(minutes(29.9)).when(PASS) == NOTHING


def test_a_created_permit_does_not_expire() -> None:
    assert Scene(permit_warden, created(1), minutes(600)).when(PASS) == NOTHING


@pytest.mark.parametrize("end", [attempted(1), refused(1)])
def test_a_permit_that_was_spent_or_refused_does_not_expire(end: Event) -> None:
    assert alive(end, minutes(30)).when(PASS) == NOTHING


def test_two_permits_that_expire_together_get_different_successors() -> None:
    said: list[Any] = alive(created(2), approved(2), minutes(30)).when(PASS)
    assert len({event.permit_id for event in said}) == 4


def test_a_renewed_permit_can_be_renewed_again() -> None:
    scene = alive(minutes(30))
    first = renewal(scene.when(PASS)[1])
    late = approved(1)
    fields = {name: getattr(late, name) for name in late.__struct_fields__}
    scene.given(type(late)(**fields | {"permit_id": first.permit_id}), minutes(30))
    second: Any = scene.when(PASS)[1]
    assert second.supersedes == first.permit_id


# ---- stops


def test_a_stop_revokes_what_was_approved() -> None:
    scene = alive()
    [event] = scene.when(stopped())
    assert revocation(scene, event, approved(1)) is RevokeReason.POSTING_STOPPED


def test_a_stop_leaves_what_only_waits_for_approval() -> None:
    assert Scene(permit_warden, created(1)).when(stopped()) == NOTHING


def test_a_revoked_permit_is_renewed_when_posting_is_allowed_again() -> None:
    scene = alive()
    scene.when(stopped())
    [renewed] = scene.when(allowed())
    renewal(renewed)
    assert scene.when(allowed()) == NOTHING


def test_nothing_is_renewed_while_another_stop_holds() -> None:
    scene = alive()
    scene.when(stopped())
    scene.when(stopped(StopSource.FILE))
    assert scene.when(allowed()) == NOTHING
    assert len(scene.when(allowed(StopSource.FILE))) == 1


def test_an_approval_that_comes_after_the_stop_is_revoked() -> None:
    scene = Scene(permit_warden, created(1), stopped())
    [event] = scene.when(approved(1))
    assert revocation(scene, event, approved(1)) is RevokeReason.POSTING_STOPPED
    assert len(scene.when(allowed())) == 1


def test_a_late_approval_of_no_known_permit_changes_nothing() -> None:
    assert Scene(permit_warden, stopped()).when(approved(1)) == NOTHING


@pytest.mark.parametrize("end", [item_expired(1), item_rejected(1)])
def test_what_ended_during_the_stop_is_not_renewed(end: Event) -> None:
    scene = alive()
    scene.when(stopped())
    assert scene.when(end) == NOTHING
    assert scene.when(allowed()) == NOTHING


# ---- endings


def test_a_failed_posting_revokes_and_renews() -> None:
    scene = alive()
    ended, renewed = scene.when(FAILED)
    assert revocation(scene, ended, approved(1)) is RevokeReason.POSTING_FAILED
    renewal(renewed)


def test_a_failed_posting_of_a_permit_already_gone_changes_nothing() -> None:
    scene = alive()
    scene.when(stopped())
    assert scene.when(FAILED) == NOTHING


def test_a_decision_without_a_text_loses_its_permit_for_good() -> None:
    scene = Scene(permit_warden, created(1))
    [event] = scene.when(draft_refused(1))
    assert revocation(scene, event, created(1)) is RevokeReason.DRAFT_REJECTED


def test_a_draft_to_be_written_again_keeps_the_permit() -> None:
    assert alive().when(draft_refused(1, final=False)) == NOTHING


@pytest.mark.parametrize("end", [item_expired(1), item_rejected(1)])
def test_a_permit_ends_with_its_queue_item(end: Event) -> None:
    for scene, last in (
        (alive(), approved(1)),
        (Scene(permit_warden, created(1)), created(1)),
    ):
        [event] = scene.when(end)
        assert revocation(scene, event, last) is RevokeReason.QUEUE_ITEM_EXPIRED
        assert scene.when(end) == NOTHING


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (item_expired(1), RevokeReason.QUEUE_ITEM_EXPIRED),
        (item_rejected(1), RevokeReason.QUEUE_ITEM_EXPIRED),
        (draft_refused(1), RevokeReason.DRAFT_REJECTED),
    ],
)
def test_an_approval_that_crosses_the_end_of_its_work_is_revoked(
    end: Event, reason: RevokeReason
) -> None:
    """Both answer the same due time; the approval is first in the log and spends the creation."""
    scene = Scene(permit_warden, created(1), end)
    [event] = scene.when(approved(1))
    assert revocation(scene, event, approved(1)) is reason
    assert scene.given(minutes(30)).when(PASS) == NOTHING


def test_the_end_of_another_item_ends_no_permit() -> None:
    assert alive().when(item_expired(2)) == NOTHING


def test_a_refused_permit_ends_nothing_more() -> None:
    scene = Scene(permit_warden, created(1))
    assert scene.when(refused(1, ReasonCode.TARGET_NOT_ROOT)) == NOTHING
    assert scene.when(item_rejected(1)) == NOTHING


def test_other_jobs_expire_nothing() -> None:
    assert alive(minutes(30)).when(due(Job.FETCH)) == NOTHING
