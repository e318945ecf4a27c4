"""Every invariant holds for a lawful story, and notices the story that breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from replay.audit import Auditor, Finding, summary
from replay.entry import Entry, entry_of
from schema.events.operations import PostingStopped, StopSource
from schema.events.permitting import PermitCreated
from schema.events.posting import (
    ClickAttempt,
    ClickNotSent,
    NotSentReason,
    OutcomeAbandoned,
    PostingSuccess,
)
from schema.ids import EventId, named
from schema.law import law_columns
from tests.doubles.story import ACCOUNT, Story

Log = list[Entry]


def told() -> Log:
    """Return a lawful log with one whole reply."""
    story = Story()
    story.replied("marta")
    return [entry_of(row) for row in story.rows]


def audited(log: Iterable[Entry]) -> dict[str, Finding]:
    auditor = Auditor(ACCOUNT)
    for entry in log:
        auditor.see(entry)
    return {finding.id: finding for finding in auditor.findings()}


def find(log: Log, name: str) -> int:
    return next(place for place, entry in enumerate(log) if entry.type == name)


def again(log: Log, name: str, **changed: Any) -> Log:
    """Put another entry like the first of a type at the end."""
    twin = replace(
        log[find(log, name)], position=len(log), event_id=named(str(len(log))), at=log[-1].at
    )
    return [*log, with_event(twin, **changed)]


def with_event(entry: Entry, **changed: Any) -> Entry:
    """Change the event and the columns that repeat it."""
    event = msgspec.structs.replace(entry.event, **changed)
    law = law_columns(event)
    return replace(
        entry,
        event=event,
        permit=law.permit,
        posted_id=law.posted_id,
        text_hash=law.text_hash,
        target=law.target,
        target_author=law.target_author,
    )


def changed(log: Log, name: str, **fields: Any) -> Log:
    place = find(log, name)
    return [*log[:place], with_event(log[place], **fields), *log[place + 1 :]]


def moved(log: Log, name: str, **columns: Any) -> Log:
    place = find(log, name)
    return [*log[:place], replace(log[place], **columns), *log[place + 1 :]]


def without(log: Log, name: str) -> Log:
    return [entry for entry in log if entry.type != name]


def stopped_before_the_click(log: Log) -> Log:
    place = find(log, "click_attempt")
    event = PostingStopped(source=StopSource.LOGGED, why="w", by="me")
    stop = replace(
        log[place], type="posting_stopped", event=event, event_id=named("stop"), permit=None
    )
    return [*log[:place], stop, *log[place:]]


def abandoned_at_once(log: Log) -> Log:
    ids = {name: getattr(log[-1].event, name) for name in OutcomeAbandoned.__struct_fields__[:7]}
    event = OutcomeAbandoned(**ids, spends=EventId(log[-1].event_id), readings=5, waited_s=1800)
    return [*log, replace(log[-1], type="outcome_abandoned", event=event, position=len(log))]


def not_sent_by_another(log: Log) -> Log:
    base = log[find(log, "click_attempt")]
    ids = {name: getattr(base.event, name) for name in ClickNotSent.__struct_fields__[:7]}
    event = ClickNotSent(**ids, spends=EventId(base.event_id), reason=NotSentReason.DEADLINE)
    return [*log, replace(base, type="click_not_sent", event=event, actor="somebody")]


def called_a_ghost(log: Log) -> Log:
    story = Story()
    ghost = entry_of(story.haunted("c-marta"))
    return [*log, replace(ghost, position=len(log), at=log[-1].at)]


FAR = timedelta(hours=2)

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
    "I9": [
        lambda log: changed(log, "draft_accepted", text="another"),
        lambda log: changed(log, "click_attempt", text_hash="0" * 64),
    ],
    "I10": [lambda log: changed(log, "click_attempt", target_post_id="t-other")],
    "I11": [
        lambda log: again(without(log, "posting_success"), "permit_created", permit_id=named("p"))
    ],
    "I12": [lambda log: again(log, "posting_success", posted_id="c-2")],
    "I14": [stopped_before_the_click],
    "I16": [lambda log: again(log, "click_attempt")],
    "I20": [not_sent_by_another],
    "I21": [
        lambda log: without(log, "fetch_started"),
        lambda log: moved(log, "draft_accepted", at=log[-1].at + FAR),
        lambda log: moved(log, "fetch_started", cause=5),
    ],
    "I22": [lambda log: moved(log, "draft_accepted", event_id=log[0].event_id)],
    "I28": [called_a_ghost],
    "I29": [abandoned_at_once],
    "I37": [
        lambda log: moved(log, "draft_accepted", version=2),
        lambda log: moved(log, "draft_accepted", type="draft_adored"),
        lambda log: moved(log, "draft_accepted", event=None, unreadable="malformed"),
    ],
}
CASES = [(name, number) for name, ways in BREAKS.items() for number in range(len(ways))]


def test_a_lawful_story_breaks_nothing() -> None:
    found = audited(told())
    assert [one.id for one in found.values() if not one.ok] == []
    unseen = {one.id for one in found.values() if one.checked == 0}
    assert unseen == {"I20", "I24", "I28", "I29"}


@pytest.mark.parametrize(("name", "number"), CASES)
def test_an_invariant_notices(name: str, number: int) -> None:
    found = audited(BREAKS[name][number](told()))[name]
    assert not found.ok
    assert found.first_violation is not None
    assert found.why != ""


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
