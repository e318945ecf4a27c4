"""The promises of the rules, each a check over one history that raises where it is broken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from handlers.writing.gates import refusal, text_hash
from schema.contracts import Recorded
from schema.events.drafting import DraftAccepted, DraftCreated
from schema.events.fetching import FetchCompleted, FetchStarted
from schema.events.ghosts import GhostDetected, ProfileRead
from schema.events.judging import CandidateEvaluated, CandidateJudged, JudgementFailed
from schema.events.operations import PostingAllowed, PostingStopped, SettingsChanged
from schema.events.permitting import (
    PermitApproved,
    PermitCreated,
    PermitExpired,
    PermitRejected,
    PermitRevoked,
)
from schema.events.posting import (
    ClickAttempt,
    ClickBlocked,
    ClickDeferred,
    ClickNotSent,
    ClickOrdered,
    ClickRejected,
    ClickWithheld,
    LateConfirmed,
    OutcomeAbandoned,
    OutcomeUnknown,
    PostingFailed,
    PostingSuccess,
)
from schema.events.queueing import CandidateQueued
from schema.events.scheduling import DecisionMade, SchedulerStarted, SlotClosed
from schema.rules import Rules
from tests.handlers.flow import Flow
from tests.handlers.histories import History

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ENDED = (PermitRejected, PermitExpired, PermitRevoked, ClickAttempt)
CLOSES_ORDER = (ClickDeferred, ClickBlocked, ClickWithheld, PostingFailed, ClickAttempt)
PROOFS = (PostingSuccess, LateConfirmed)
OUTCOMES = (PostingSuccess, ClickNotSent, ClickRejected, OutcomeAbandoned)


def _answers(flow: Flow, kind: type[Any]) -> Iterator[tuple[Recorded[Any], Recorded[Any]]]:
    """Yield each answer of a kind with its cause: a rule knew what stood before the cause."""
    for row in flow.of(kind):
        if row.cause is not None:
            yield row, flow.rows[row.cause]


def _before(flow: Flow, cause: Recorded[Any], *kinds: type[Any]) -> list[Recorded[Any]]:
    return [row for row in flow.rows[: cause.position] if isinstance(row.event, kinds)]


def _rules_at(flow: Flow, cause: Recorded[Any]) -> Rules:
    rules: Rules = _before(flow, cause, SettingsChanged)[-1].event.rules
    return rules


def _of_permit(rows: list[Recorded[Any]], permit_id: object) -> list[Recorded[Any]]:
    return [row for row in rows if row.event.permit_id == permit_id]


def orders_have_a_live_approval(history: History) -> None:
    """Every ordered click names an approval that has not expired and was not spent or revoked."""
    for order, cause in _answers(history.flow, ClickOrdered):
        known = _before(history.flow, cause, PermitApproved, *ENDED)
        mine = _of_permit(known, order.event.permit_id)
        assert [row.event_id for row in mine] == [order.event.approval]
        assert mine[0].expires_at is not None
        assert mine[0].expires_at > cause.at


def orders_carry_the_accepted_text(history: History) -> None:
    """Every ordered text is the accepted draft of its permit, by hash."""
    for order, cause in _answers(history.flow, ClickOrdered):
        drafts = _of_permit(_before(history.flow, cause, DraftAccepted), order.event.permit_id)
        assert drafts[-1].event.text_hash == order.event.text_hash == text_hash(order.event.text)


def nothing_is_ordered_while_stopped(history: History) -> None:
    """No click is ordered in a pass that knew of a stop."""
    for _, cause in _answers(history.flow, ClickOrdered):
        stops = set[str]()
        for row in _before(history.flow, cause, PostingStopped, PostingAllowed):
            change = stops.add if isinstance(row.event, PostingStopped) else stops.discard
            change(row.event.hold)
        assert not stops


def one_order_at_a_time_per_permit(history: History) -> None:
    """See that a permit is ordered again only after its order was put off."""
    outstanding = set()
    events = history.flow.of(ClickOrdered, *CLOSES_ORDER)
    for row in sorted(events, key=lambda row: row.position):
        permit_id = row.event.permit_id
        if isinstance(row.event, ClickOrdered):
            assert permit_id not in outstanding
            outstanding.add(permit_id)
        elif isinstance(row.event, ClickDeferred):
            outstanding.discard(permit_id)


def the_log_blocks_no_order(history: History) -> None:
    """Find no order that was unlawful; only races put one off."""
    assert history.flow.of(ClickBlocked) == []


def slots_are_closed_once(history: History) -> None:
    """See every slot closed once: by the scheduler, or by the watchdog where that came too late."""
    started = [row.event.scheduler_run_id for row in history.flow.of(SchedulerStarted)]
    closed = history.flow.of(SlotClosed)
    assert sorted(started) == sorted(row.event.scheduler_run_id for row in closed)
    assert {row.actor for row in closed} <= {"scheduler", "watchdog"}


def decisions_come_with_permit_and_slot(history: History) -> None:
    """Each decision has a permit of its own, and the slot that names it."""
    made = [row.event.decision_id for row in history.flow.of(DecisionMade)]
    closed = [row.event.decision_id for row in history.flow.of(SlotClosed)]
    first = [
        row.event.decision_id for row in history.flow.of(PermitCreated) if row.actor == "scheduler"
    ]
    assert made == first == [decision_id for decision_id in closed if decision_id]


def everything_ends(history: History) -> None:
    """After a quiet time every attempt has its outcome and every fetch and judgement its end."""
    flow = history.flow
    attempts = Counter(row.event.permit_id for row in flow.of(ClickAttempt))
    outcomes = Counter(row.event.permit_id for row in flow.of(*OUTCOMES))
    assert attempts == outcomes
    assert {row.event.run_id for row in flow.of(FetchStarted)} == {
        row.event.run_id for row in flow.of(FetchCompleted)
    }
    answered = {row.event.candidate_id for row in flow.of(CandidateJudged, JudgementFailed)}
    assert answered <= {row.event.candidate_id for row in flow.of(CandidateEvaluated)}


def candidates_are_queued_once(history: History) -> None:
    """No candidate has two queue items."""
    queued = Counter(row.event.candidate_id for row in history.flow.of(CandidateQueued))
    assert all(count == 1 for count in queued.values())


def accepted_texts_pass_the_gates(history: History) -> None:
    """Each accepted text passes the gates against every text accepted before it."""
    remembered: tuple[str, ...] = ()
    for row, cause in _answers(history.flow, DraftAccepted):
        if row.event.ordinal:
            assert isinstance(cause.event, DraftCreated)
            wanted = _rules_at(history.flow, cause).draft
            assert refusal(row.event.text, "", remembered, wanted) is None
            remembered += (row.event.text,)


def targets_are_fit(history: History) -> None:
    """Approve only a root post of somebody else who was not blocked at the check."""
    flow = history.flow
    for row, cause in _answers(flow, PermitApproved):
        permit = next(r for r in flow.of(PermitCreated) if r.event_id == row.event.spends).event
        rules = _rules_at(flow, cause)
        assert permit.pipeline_source in rules.permit.reply_sources
        assert permit.target_is_root
        assert not permit.target_in_reply_to
        assert permit.target_author != rules.handle
        assert permit.target_author not in rules.evaluate.blocked_authors


def no_target_is_replied_to_twice(history: History) -> None:
    """No click is ordered at a target where another one may have landed."""
    for order, cause in _answers(history.flow, ClickOrdered):
        clicks = _before(history.flow, cause, ClickAttempt)
        failed = _before(history.flow, cause, ClickNotSent, ClickRejected)
        without = {row.event.permit_id for row in failed}
        landed = [row.event.target_post_id for row in clicks if row.event.permit_id not in without]
        assert order.event.target_post_id not in landed


def _clicks_since(flow: Flow, cause: Recorded[Any], since: datetime) -> int:
    return sum(row.at > since for row in _before(flow, cause, ClickAttempt))


def _authors(flow: Flow, cause: Recorded[Any]) -> list[str | None]:
    clicks = _before(flow, cause, ClickAttempt)
    return [row.event.target_author for row in clicks if row.at > cause.at - DAY]


def orders_keep_the_caps(history: History) -> None:
    """Order no more in a pass than the hour and the day have left, and keep the gap."""
    flow = history.flow
    passes = Counter(cause.position for _, cause in _answers(flow, ClickOrdered))
    for position, ordered in passes.items():
        cause = flow.rows[position]
        caps = _rules_at(flow, cause).permit
        assert _clicks_since(flow, cause, cause.at - HOUR) + ordered <= caps.per_hour
        assert _clicks_since(flow, cause, cause.at - DAY) + ordered <= caps.per_day
        if caps.gap_s:
            assert ordered == 1
            gap = timedelta(seconds=caps.gap_s)
            assert not _clicks_since(flow, cause, cause.at - gap)


def approvals_keep_the_caps(history: History) -> None:
    """No approval goes beyond the hour, or to an author who has had enough."""
    flow = history.flow
    for row, cause in _answers(flow, PermitApproved):
        caps = _rules_at(flow, cause).permit
        clicks = _authors(flow, cause)
        permit = next(r for r in flow.of(PermitCreated) if r.event_id == row.event.spends).event
        assert _clicks_since(flow, cause, cause.at - HOUR) < caps.per_hour
        assert clicks.count(permit.target_author) < caps.per_author_per_day


def decisions_keep_the_authors_cap(history: History) -> None:
    """No slot decides for an author who was clicked at often enough in a day."""
    flow = history.flow
    for row, cause in _answers(flow, DecisionMade):
        cap = _rules_at(flow, cause).permit.per_author_per_day
        clicks = _authors(flow, cause)
        assert clicks.count(row.event.target_author) < cap


def our_own_clicks_are_no_ghosts(history: History) -> None:
    """No post that a click of ours made is ever taken for a ghost, unless it had a twin."""
    texts = Counter((post.text, post.in_reply_to) for post in history.world.profile)
    alone = {
        post.post_id
        for post in history.world.profile
        if texts[post.text, post.in_reply_to] == 1 and post.post_id in history.world.clicked
    }
    assert not alone & {row.event.posted_id for row in history.flow.of(GhostDetected)}


def posts_by_hand_are_ghosts(history: History) -> None:
    """Every post that nobody ordered was found."""
    ghosts = {row.event.posted_id for row in history.flow.of(GhostDetected)}
    assert history.world.by_hand <= ghosts


def giving_up_takes_long(history: History) -> None:
    """Abandon an unknown only after five complete readings over half an hour."""
    for row, cause in _answers(history.flow, OutcomeAbandoned):
        unknown = next(r for r in history.flow.of(OutcomeUnknown) if r.event_id == row.event.spends)
        complete = [
            r
            for r in history.flow.rows[unknown.position : cause.position + 1]
            if isinstance(r.event, ProfileRead) and r.event.complete
        ]
        assert len(complete) >= 5
        assert cause.at - unknown.at >= timedelta(minutes=30)


def posts_are_explained_once(history: History) -> None:
    """No post proves two permits, and no permit has two posts."""
    proofs = [row.event for row in history.flow.of(*PROOFS)]
    assert len({event.posted_id for event in proofs}) == len(proofs)
    assert len({event.permit_id for event in proofs}) == len(proofs)
