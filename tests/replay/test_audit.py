"""Every invariant holds for a lawful story, and notices the story that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from replay.audit import Auditor, Finding, summary
from replay.entry import entry_of
from schema.events.operations import (
    CapsSet,
    Job,
    PayloadErased,
    PostingAllowed,
    PostingStopped,
    StopSource,
)
from schema.events.permitting import PermitCreated
from schema.events.posting import (
    ClickAttempt,
    PostingSuccess,
)
from schema.ids import named
from schema.rules import EvaluateRules, Rules
from tests.doubles.story import ACCOUNT, Story
from tests.replay.forged import (
    Log,
    abandoned_at_once,
    again,
    approved_after_the_click,
    blocked_before,
    called_a_ghost,
    changed,
    emptied,
    find,
    heard,
    moved,
    not_sent_by_another,
    read,
    refused_by,
    said_of,
    stopped_before_the_click,
    stopped_for_a_moment,
    told,
    told_to,
    without,
)


def audited(log: Log) -> dict[str, Finding]:
    auditor = Auditor(ACCOUNT)
    for entry in log:
        auditor.see(entry)
    auditor.reach(log[-1].position + 1)
    return {finding.id: finding for finding in auditor.findings()}


FAR = timedelta(hours=2)
PATIENCE = timedelta(minutes=32)
NEVER_ENDED = timedelta(days=2)

BREAKS: dict[str, list[Callable[[Log], Log]]] = {
    "I1": [
        lambda log: without(log, "permit_approved"),
        lambda log: moved(log, "click_attempt", spends=3),
    ],
    "I2": [
        lambda log: moved(log, "permit_approved", expires_at=log[find(log, "click_attempt")].at)
    ],
    "I3": [lambda log: again(log, "click_attempt")],
    "I4": [lambda log: again(log, "posting_success", posted_id="c-2")],
    "I5": [lambda log: without(log, "click_attempt")],
    "I6": [lambda log: again(log, "posting_success")],
    "I7": [
        lambda log: without(log, "candidate_evaluated"),
        lambda log: without(log, "decision_made"),
        lambda log: changed(log, "decision_made", queue_id=named("other")),
    ],
    "I8": [
        lambda log: again(log, "candidate_queued", queue_id=named("q")),
        lambda log: again(
            without(log, "posting_success"),
            "permit_created",
            permit_id=named("p"),
            target_post_id="t-2",
        ),
    ],
    "I9": [
        lambda log: changed(log, "draft_accepted", text="another"),
        lambda log: changed(log, "click_attempt", text_hash="0" * 64),
    ],
    "I10": [lambda log: changed(log, "click_attempt", target_post_id="t-other")],
    "I11": [
        lambda log: again(without(log, "posting_success"), "permit_created", permit_id=named("p"))
    ],
    "I12": [lambda log: again(log, "posting_success", posted_id="c-2")],
    "I13": [
        lambda _: refused_by(reply_sources=("another",)),
        lambda _: refused_by(approval="human"),
        lambda _: refused_by(rules_signed=False),
        lambda _: told_to(Rules(handle="marta")),
        lambda _: told_to(Rules(handle="Marta")),
        lambda _: told_to(Rules(evaluate=EvaluateRules(blocked_authors=("marta",)))),
        lambda _: told_to(Rules(evaluate=EvaluateRules(blocked_authors=("Marta",)))),
        lambda log: blocked_before(log, "marta"),
        lambda log: blocked_before(log, "Marta"),
        lambda log: without(log, "permit_created"),
        lambda log: changed(log, "permit_created", target_is_root=False),
        lambda log: changed(log, "permit_created", target_in_reply_to="t-0"),
        lambda log: changed(log, "permit_approved", approved_by="ann"),
        lambda log: changed(log, "permit_approved", approved_by="story", text_hash="0" * 64),
        approved_after_the_click,
    ],
    "I14": [stopped_before_the_click, stopped_for_a_moment],
    "I16": [lambda log: again(log, "click_attempt")],
    "I20": [not_sent_by_another],
    "I21": [
        lambda log: without(log, "fetch_started"),
        lambda log: moved(log, "draft_accepted", at=log[-1].at + FAR),
        lambda log: moved(log, "fetch_started", cause=5),
    ],
    "I22": [lambda log: moved(log, "draft_accepted", event_id=log[0].event_id)],
    "I27": [lambda log: read(log, "c-unheard-of", times=2)],
    "I28": [called_a_ghost],
    "I29": [abandoned_at_once],
    "I33": [
        lambda log: changed(log, "decision_made", target_post_id="t-other"),
        lambda log: changed(log, "decision_made", target_author="eve"),
        lambda log: changed(log, "permit_created", target_post_id="t-other"),
        lambda log: without(log, "candidate_found"),
    ],
    "I36": [emptied],
    "I37": [
        lambda log: moved(log, "draft_accepted", version=2),
        lambda log: moved(log, "draft_accepted", type="draft_adored"),
        lambda log: moved(log, "draft_accepted", event=None, unreadable="malformed"),
    ],
    "L1": [
        lambda log: heard(
            read(without(log, "posting_success"), "c-old", 6, later=PATIENCE),
            Job.RECONCILE,
            "reconciler",
            FAR,
        )
    ],
    "L2": [
        lambda log: heard(
            without(without(log, "posting_success"), "click_attempt"),
            Job.POST,
            "permit_warden",
            FAR,
        )
    ],
    "L4": [lambda log: heard(without(log, "decision_made"), Job.POST, "queue_keeper", NEVER_ENDED)],
}
CASES = [(name, number) for name, ways in BREAKS.items() for number in range(len(ways))]


def test_a_lawful_story_breaks_nothing() -> None:
    found = audited(told())
    assert [one.id for one in found.values() if not one.ok] == []
    unseen = {one.id for one in found.values() if one.checked == 0}
    assert unseen == {"I20", "I24", "I27", "I28", "I29", "I36"}


@pytest.mark.parametrize(("name", "number"), CASES)
def test_an_invariant_notices(name: str, number: int) -> None:
    found = audited(BREAKS[name][number](told()))[name]
    assert not found.ok
    assert found.first_violation is not None
    assert found.why != ""


def test_nothing_is_late_while_nobody_was_at_work() -> None:
    """The part that would end them had not caught up, or never heard a tick of its clock."""
    unknown = read(without(told(), "posting_success"), "c-old", 6, later=PATIENCE)
    undecided = without(
        without(without(told(), "posting_success"), "click_attempt"), "decision_made"
    )
    for name, log, job, part in (
        ("L2", undecided, Job.POST, "permit_warden"),
        ("L4", undecided, Job.POST, "queue_keeper"),
        ("L1", unknown, Job.RECONCILE, "reconciler"),
    ):
        assert not audited(heard(log, job, part, NEVER_ENDED))[name].ok
        behind = heard(log, job, part, NEVER_ENDED)
        report = msgspec.structs.replace(behind[-1].event, lag={part: 1})
        assert audited([*behind[:-1], replace(behind[-1], event=report)])[name].ok
        assert audited(heard(log, Job.FETCH, part, NEVER_ENDED))[name].ok


@pytest.mark.parametrize(
    ("times", "later"), [(6, PATIENCE / 2), (5, PATIENCE)], ids=["only early", "only so often"]
)
def test_an_attempt_is_not_late_whose_profile_could_not_be_read_as_it_takes(
    times: int, later: timedelta
) -> None:
    log = read(without(told(), "posting_success"), "c-old", times, later=later)
    assert audited(heard(log, Job.RECONCILE, "reconciler", FAR))["L1"].ok


def test_an_unexplained_post_waits_for_an_open_attempt() -> None:
    open_still = read(without(told(), "posting_success"), "c-unheard-of", times=4)
    assert audited(open_still)["I27"].ok


def test_an_erased_body_that_is_named_breaks_nothing() -> None:
    log = emptied(told())
    named_after = said_of(
        log, PayloadErased(position=find(log, "candidate_found"), why="asked", by="me")
    )
    assert audited(named_after)["I36"].ok


@pytest.mark.parametrize("gone", [0, 1])
def test_a_stop_that_was_over_accuses_nobody_when_its_words_are_gone(gone: int) -> None:
    story = Story()
    story.say(PostingStopped(source=StopSource.LOGGED, why="a look", by="me"))
    story.say(PostingAllowed(source=StopSource.LOGGED, why="looked", by="me"), approver=True)
    story.replied("marta")
    log = [entry_of(row) for row in story.rows]
    log[gone] = replace(log[gone], event=None)
    assert audited(log)["I14"].ok


def test_a_stop_whose_words_are_gone_still_ends_the_approvals_before_it() -> None:
    log = stopped_before_the_click(told())
    place = find(log, "posting_stopped")
    log[place] = replace(log[place], event=None)
    assert not audited(log)["I14"].ok


def test_caps_that_cannot_be_read_accuse_nobody() -> None:
    log = told()
    place = find(log, "click_attempt")
    none = CapsSet(clicks_per_hour=0, clicks_per_day=0, clicks_per_author_per_day=0, gap_s=0)
    caps = replace(log[place], type="caps_set", event=none, permit=None)
    assert not audited([*log[:place], caps, *log[place:]])["I16"].ok
    assert audited([*log[:place], replace(caps, event=None), *log[place:]])["I16"].ok


def test_a_log_shorter_than_its_head_is_noticed() -> None:
    auditor = Auditor(ACCOUNT)
    for entry in told():
        auditor.see(entry)
    auditor.reach(auditor.events + 1)
    assert not summary([(auditor.events, auditor.findings())]).ok


def test_a_second_reply_needs_a_permit_that_supersedes() -> None:
    story = Story()
    first = story.replied("marta")
    log = [entry_of(row) for row in story.rows]
    permit = log[find(log, "permit_created")]
    assert isinstance(permit.event, PermitCreated)
    log = again(log, "permit_created", permit_id=named("p"), supersedes=permit.permit)
    log = again(log, "posting_success", permit_id=named("p"), posted_id="c-2")
    assert isinstance(first.event, PostingSuccess)
    assert audited(log)["I12"].ok


def test_accounts_are_summed_and_the_first_violation_stays() -> None:
    good, bad = told(), again(told(), "click_attempt")
    parts = []
    for account, log in (("a", good), ("b", bad)):
        auditor = Auditor(account)
        for entry in log:
            auditor.see(entry)
        parts.append((auditor.events, auditor.findings()))
    joined = summary(parts)
    third = next(one for one in joined.invariants if one.id == "I3")
    assert (joined.ok, joined.events) == (False, len(good) + len(bad))
    assert (third.account, third.checked) == ("b", 3)
    assert third.first_violation == len(good)
    assert isinstance(bad[-1].event, ClickAttempt)


def test_an_original_has_a_chain_without_candidate_and_slot() -> None:
    log = told()
    for name in ("decision_made", "permit_created", "posting_success"):
        log = changed(log, name, candidate_id=None, evaluation_id=None, queue_id=None)
    for name in ("candidate_evaluated", "candidate_queued", "scheduler_started"):
        log = without(log, name)
    assert audited(log)["I7"].ok
    assert not audited(without(log, "decision_made"))["I7"].ok
