"""The approver: five checks in their order, and waiting where waiting mends."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from handlers.permits.approver import approver
from schema.events.base import Event
from schema.events.legacy import LegacyPostImported
from schema.events.operations import Job, StopSource
from schema.events.permitting import PermitApproved, PermitRejected, ReasonCode, RevokeReason
from schema.events.posting import ClickNotSent, ClickRejected, NotSentReason, OutcomeUnknown
from schema.events.scheduling import DecisionType
from schema.rules import EvaluateRules, PermitRules
from tests.handlers.facts import (
    SOME_EVENT,
    allowed,
    approved,
    attempted,
    created,
    due,
    ended,
    hours,
    permit_expired,
    revoked,
    rules,
    stopped,
)
from tests.handlers.given import NOON, NOTHING, Scene

PASS = due(Job.POST)
ORIGINAL = {
    "decision_type": DecisionType.SINGLE,
    "pipeline_source": "content_planner",
    "target_post_id": None,
    "target_author": None,
}
WRONG_IN_EVERY_WAY = {
    "pipeline_source": "elsewhere",
    "target_is_root": False,
    "target_author": "me",
}
BLOCKING = rules(evaluate=EvaluateRules(blocked_authors=("author1",)))


def clicked(n: int, author: str | None = None) -> list[Event]:
    return [created(n), approved(n), attempted(n, author=author)]


def verdict(*facts: Any, **changes: Any) -> Any:
    [event] = Scene(approver, *(facts or (rules(),))).when(created(1, **changes))
    return event


def code(*facts: Any, **changes: Any) -> ReasonCode:
    event = verdict(*facts, **changes)
    assert isinstance(event, PermitRejected), event
    assert event.error_message.startswith(f"{event.reason_code}: ")
    return event.reason_code


@pytest.mark.parametrize(
    ("author", "reason"),
    [("ME", ReasonCode.TARGET_IS_OWN_POST), ("Author1", ReasonCode.AUTHOR_BLOCKED)],
)
def test_letter_case_makes_nobody_another(author: str, reason: ReasonCode) -> None:
    assert code(BLOCKING, target_author=author) is reason


def test_a_permit_that_passes_is_approved_for_half_an_hour() -> None:
    scene = Scene(approver, rules())
    [event] = scene.when(created(1))
    assert isinstance(event, PermitApproved)
    assert event.spends == scene.id_of(created(1))
    assert (event.ttl_s, event.approved_by) == (1800, "approver")


def test_an_original_has_an_allowlist_of_its_own() -> None:
    assert isinstance(verdict(**ORIGINAL), PermitApproved)
    source = {"pipeline_source": "reply_v2_scheduler"}
    assert code(**ORIGINAL | source) is ReasonCode.INVALID_PIPELINE_SOURCE


def test_a_refused_source_is_named_with_the_allowed_ones() -> None:
    event = verdict(rules(), pipeline_source="elsewhere")
    assert event.error_message == (
        "invalid_pipeline_source: source=elsewhere allowed=reply_v2_scheduler"
    )
    assert (event.pipeline_source, event.allowed_sources) == ("elsewhere", ("reply_v2_scheduler",))


def test_the_first_failing_check_gives_the_code() -> None:
    wrong = dict(WRONG_IN_EVERY_WAY)
    facts = [BLOCKING, *clicked(1)]
    assert code(*facts, **wrong) is ReasonCode.INVALID_PIPELINE_SOURCE
    del wrong["pipeline_source"]
    assert code(*facts, **wrong) is ReasonCode.TARGET_NOT_ROOT
    del wrong["target_is_root"]
    assert code(*facts, **wrong) is ReasonCode.TARGET_IS_OWN_POST
    del wrong["target_author"]
    assert code(*facts, **wrong) is ReasonCode.TARGET_ALREADY_REPLIED
    assert code(BLOCKING, permit="second") is ReasonCode.AUTHOR_BLOCKED


def test_a_reply_to_a_reply_is_refused() -> None:
    assert code(target_in_reply_to="p0") is ReasonCode.TARGET_NOT_ROOT


def test_a_target_with_a_live_permit_is_refused_another() -> None:
    assert code(rules(), created(1), approved(1), permit="second") is (
        ReasonCode.TARGET_ALREADY_REPLIED
    )


def test_a_target_whose_outcome_is_unknown_counts_as_replied() -> None:
    unknown = ended(OutcomeUnknown, spends=SOME_EVENT, detail="")
    assert code(rules(), *clicked(1), unknown, hours(48), permit="second") is (
        ReasonCode.TARGET_ALREADY_REPLIED
    )


@pytest.mark.parametrize(
    "end",
    [
        ended(ClickNotSent, spends=SOME_EVENT, reason=NotSentReason.GATE),
        ended(ClickRejected, spends=SOME_EVENT, code="403", detail=""),
    ],
)
def test_a_target_that_certainly_has_no_reply_is_free(end: Event) -> None:
    caps = rules(permit=PermitRules(per_author_per_day=9))
    assert isinstance(verdict(caps, *clicked(1), end, permit="second"), PermitApproved)


@pytest.mark.parametrize("end", [permit_expired(1), revoked(1)])
def test_a_permit_that_ended_unspent_frees_its_target(end: Event) -> None:
    facts = [rules(), created(1), approved(1), end]
    assert isinstance(verdict(*facts, permit="second"), PermitApproved)


# ---- check 4


def test_the_hour_has_four_replies() -> None:
    facts = [event for n in (2, 3, 4) for event in clicked(n)]
    assert isinstance(verdict(rules(), *facts), PermitApproved)
    facts += clicked(5)
    assert code(rules(), *facts) is ReasonCode.RATE_LIMITED
    assert isinstance(verdict(rules(), *facts, hours(1)), PermitApproved)


def test_approvals_not_yet_spent_count_too() -> None:
    facts = [event for n in (2, 3, 4, 5) for event in (created(n), approved(n))]
    assert code(rules(), *facts) is ReasonCode.RATE_LIMITED
    assert isinstance(verdict(rules(), *facts, permit_expired(5)), PermitApproved)


def test_the_day_has_its_cap() -> None:
    caps = rules(permit=PermitRules(per_day=1))
    assert code(caps, *clicked(2), hours(23)) is ReasonCode.RATE_LIMITED
    assert isinstance(verdict(caps, *clicked(2), hours(24)), PermitApproved)


def test_an_author_gets_one_reply_a_day() -> None:
    facts = clicked(2, author="author1")
    assert code(rules(), *facts, hours(23)) is ReasonCode.RATE_LIMITED
    assert isinstance(verdict(rules(), *facts, hours(24)), PermitApproved)


def test_an_author_with_an_unspent_approval_gets_no_second() -> None:
    facts = [created(2, target_author="author1"), approved(2)]
    assert code(rules(), *facts) is ReasonCode.RATE_LIMITED


# ---- check 5


def test_unsigned_rules_come_last() -> None:
    unsigned = rules(permit=PermitRules(rules_signed=False))
    assert code(unsigned) is ReasonCode.RULES_NOT_SIGNED
    assert code(unsigned, *clicked(2, author="author1")) is ReasonCode.RATE_LIMITED


# ---- waiting


def test_approval_waits_while_posting_is_stopped() -> None:
    scene = Scene(approver, rules(), stopped())
    assert scene.when(created(1)) == NOTHING
    assert scene.when(PASS) == NOTHING
    scene.when(allowed())
    [event] = scene.when(PASS)
    assert isinstance(event, PermitApproved)
    assert scene.when(PASS) == NOTHING


def test_every_stop_must_end_before_a_verdict() -> None:
    scene = Scene(approver, rules(), stopped(), stopped(StopSource.FILE), created(1), allowed())
    assert scene.when(PASS) == NOTHING
    scene.when(allowed(StopSource.FILE))
    assert len(scene.when(PASS)) == 1


def test_what_no_waiting_mends_is_refused_at_once_even_while_stopped() -> None:
    assert code(rules(), stopped(), target_author="me") is ReasonCode.TARGET_IS_OWN_POST


def test_permits_that_waited_share_the_caps() -> None:
    waiting = [created(n) for n in range(1, 7)]
    said = Scene(approver, rules(), stopped(), *waiting, allowed()).when(PASS)
    assert [type(event) for event in said] == [PermitApproved] * 4 + [PermitRejected] * 2


def test_a_permit_that_waited_meets_the_rules_of_its_verdict() -> None:
    [event] = Scene(approver, rules(), stopped(), created(1), BLOCKING, allowed()).when(PASS)
    assert isinstance(event, PermitRejected)
    assert event.reason_code is ReasonCode.AUTHOR_BLOCKED


def imported(n: int) -> LegacyPostImported:
    """Say that an older system answered the nth target, a week ago."""
    return LegacyPostImported(
        table="reply_candidate_queue",
        key=f"{n}",
        posted_id=None,
        posted_at=NOON - hours(24 * 7),
        target_post_id=created(n).target_post_id,
    )


def test_a_target_that_an_import_names_while_its_permit_waits_is_refused() -> None:
    facts = [rules(), stopped(), created(1), created(2), imported(1), allowed()]
    first, second = Scene(approver, *facts).when(PASS)
    assert isinstance(first, PermitRejected)
    assert first.reason_code is ReasonCode.TARGET_ALREADY_REPLIED
    assert isinstance(second, PermitApproved)


@pytest.mark.parametrize(("author", "kind"), [("AUTHOR2", PermitRejected), ("a2", PermitApproved)])
def test_an_older_systems_spelling_of_an_author_counts(author: str, kind: type[Event]) -> None:
    today = replace(imported(1), posted_at=NOON - hours(1), target_author=author)
    [event] = Scene(approver, rules(), today).when(created(2))
    assert isinstance(event, kind)


@pytest.mark.parametrize("named", [True, False])
def test_a_click_that_was_not_sent_frees_no_target_that_an_import_names(*, named: bool) -> None:
    facts = [rules(), created(1), approved(1), attempted(1), *([imported(1)] if named else [])]
    never_left = ended(ClickNotSent, spends=SOME_EVENT, reason=NotSentReason.GATE)
    scene = Scene(approver, *facts, never_left, hours(25))
    [event] = scene.when(created(2, target_post_id=created(1).target_post_id))
    assert isinstance(event, PermitRejected if named else PermitApproved)


def test_a_post_without_a_target_concerns_no_permit_that_waits() -> None:
    """An original has no target either, and is no answer to what an import leaves open."""
    nameless = replace(imported(1), target_post_id=None)
    facts = [rules(), stopped(), created(1, **ORIGINAL), nameless, allowed()]
    [event] = Scene(approver, *facts).when(PASS)
    assert isinstance(event, PermitApproved)


@pytest.mark.parametrize("reason", [RevokeReason.QUEUE_ITEM_EXPIRED, RevokeReason.DRAFT_REJECTED])
def test_a_permit_revoked_while_it_waited_gets_no_verdict(reason: RevokeReason) -> None:
    facts = [rules(), stopped(), created(1), revoked(1, reason), allowed()]
    assert Scene(approver, *facts).when(PASS) == NOTHING


# ---- human approval

HUMAN = rules(permit=PermitRules(approval="human"))


def test_with_human_approval_a_good_permit_waits_for_a_person() -> None:
    scene = Scene(approver, HUMAN)
    assert scene.when(created(1)) == NOTHING
    assert scene.when(PASS) == NOTHING


def test_with_human_approval_a_bad_permit_is_refused_at_once() -> None:
    assert code(HUMAN, target_is_root=False) is ReasonCode.TARGET_NOT_ROOT


def test_a_persons_approval_counts_against_the_caps() -> None:
    facts = [HUMAN, created(2, target_author="author1"), approved(2), rules()]
    assert code(*facts) is ReasonCode.RATE_LIMITED


def test_only_a_permit_or_a_pass_is_answered() -> None:
    scene = Scene(approver, rules(), stopped(), created(1))
    for event in (due(Job.FETCH), rules(), allowed(), permit_expired(1), attempted(2)):
        assert scene.when(event) == NOTHING
