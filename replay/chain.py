"""Why a post exists: the chain back to slot, judge and permit, or the links that are missing."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from replay.causes import with_causes
from replay.click_story import ClickStory, Proof, attempt_of, click_story, starts_after_death
from replay.finding import sightings
from replay.ghost_story import GhostStory, ghost_story
from replay.permit_story import PermitStory, permit_story
from replay.reading import gather
from replay.source import Log
from replay.told import Told, tell
from schema.catalogue import type_of
from schema.contracts import Recorded
from schema.events.base import Event
from schema.events.ghosts import GhostDetected, ManualPostAttested, PostPredatesLog
from schema.events.judging import ModelCalled
from schema.events.posting import LateConfirmed, PostingSuccess
from schema.events.scheduling import DecisionMade
from schema.ids import Account, DecisionId, EvaluationId, PermitId, QueueId, SchedulerRunId

E = TypeVar("E", bound=Event)

FROM_PLAN = (
    "decision_made",
    "permit_created",
    "permit_approved",
    "draft_accepted",
    "click_attempt",
)
"""Of an original: its decision answers the planner's due time, and there is no slot."""

FROM_CANDIDATE = (
    *("candidate_found", "candidate_evaluated", "candidate_queued", "scheduler_started"),
    *FROM_PLAN,
)


class Explained(StrEnum):
    """What the log knows of a post."""

    EXPLAINED = "explained"
    GHOST = "ghost"
    UNKNOWN = "unknown"


class Chain(msgspec.Struct, frozen=True, kw_only=True):
    """The six ids; None where the log does not name it."""

    candidate_evaluation_id: EvaluationId | None = None
    queue_id: QueueId | None = None
    scheduler_run_id: SchedulerRunId | None = None
    decision_id: DecisionId | None = None
    permit_id: PermitId | None = None
    posted_id: str | None = None


class Picked(msgspec.Struct, frozen=True, kw_only=True):
    """What the bandit chose: `explored` means that another arm had done better so far."""

    arm: str
    propensity: float | None
    explored: bool | None
    arms_version: int


class Why(msgspec.Struct, frozen=True, kw_only=True):
    """The answer. `missing` names absent links; `cost_usd` is that of the chain's model calls.

    `superseded` is the permit that this one took the place of, `click` only of explained posts,
    `ghost` only of ghosts.
    """

    post_id: str
    verdict: Explained
    missing: tuple[str, ...]
    chain: Chain
    permit: PermitStory | None
    events: tuple[Told, ...]
    cost_usd: float
    account: Account
    choice: Picked | None = None
    url: str | None = None
    note: str = ""
    superseded: PermitStory | None = None
    click: ClickStory | None = None
    ghost: GhostStory | None = None


async def why(store: Log, account: Account, post: str) -> Why:
    """Say why the post with this id or address exists."""
    seen = await sightings(store, account, post)
    proof: Proof | None = first(seen, PostingSuccess) or first(seen, LateConfirmed)
    if proof is None:
        ghost = first(seen, GhostDetected)
        around = await ghost_story(store, account, ghost) if ghost else None
        return _unexplained(account, post, seen, around)
    story = await gather(store, account, trace=proof.trace)
    story += await gather(store, account, trace=proof.event.scheduler_run_id)
    if attempt := attempt_of(story, proof):
        story += await starts_after_death(store, account, attempt, proof)
    return explain(account, await with_causes(store, account, [*story, *seen]), proof)


def explain(
    account: Account,
    events: Sequence[Recorded[Any]],
    proof: Proof,
) -> Why:
    """Build the answer for a post that a used permit explains."""
    success, attempt = proof.event, attempt_of(events, proof)
    permit = permit_story(events, success.permit_id)
    former = permit.supersedes if permit else None
    return Why(
        post_id=success.posted_id,
        verdict=Explained.EXPLAINED,
        missing=missing_links(events, success),
        chain=Chain(
            candidate_evaluation_id=success.evaluation_id,
            queue_id=success.queue_id,
            scheduler_run_id=success.scheduler_run_id,
            decision_id=success.decision_id,
            permit_id=success.permit_id,
            posted_id=success.posted_id,
        ),
        permit=permit,
        events=tuple(tell(recorded) for recorded in events),
        cost_usd=_cost(events),
        account=account,
        choice=_choice(events, success.decision_id),
        url=success.url,
        superseded=permit_story(events, former) if former else None,
        click=click_story(events, attempt, proof) if attempt else None,
    )


def missing_links(
    events: Sequence[Recorded[Any]], success: PostingSuccess | LateConfirmed
) -> tuple[str, ...]:
    """Name the links that this post's chain should have before it and has not."""
    wanted = FROM_PLAN if success.candidate_id is None else FROM_CANDIDATE
    there = {type_of(recorded.event) for recorded in events if _belongs(recorded.event, success)}
    return tuple(link for link in wanted if link not in there)


def _belongs(event: Any, success: Any) -> bool:
    """Say whether no id of the event contradicts the chain of the post."""
    names = ("candidate_id", "evaluation_id", "queue_id", "decision_id", "permit_id")
    return all(
        getattr(event, name, None) in (None, getattr(success, name))
        for name in (*names, "scheduler_run_id")
    )


def _unexplained(
    account: Account, post: str, seen: Sequence[Recorded[Any]], around: GhostStory | None
) -> Why:
    ghost = first(seen, GhostDetected)
    post_id = seen[0].event.posted_id if seen else post
    return Why(
        post_id=post_id,
        verdict=Explained.GHOST if ghost else Explained.UNKNOWN,
        missing=(ghost.event.missing or ("permit_created",)) if ghost else ("posting_success",),
        chain=Chain(posted_id=post_id if seen else None),
        permit=None,
        events=tuple(tell(recorded) for recorded in seen),
        cost_usd=0.0,
        account=account,
        url=ghost.event.url if ghost else None,
        note=_note(seen),
        ghost=around,
    )


def _note(seen: Sequence[Recorded[Any]]) -> str:
    if attested := first(seen, ManualPostAttested):
        return f"attested as made by hand by {attested.event.by}: {attested.event.why}"
    if first(seen, PostPredatesLog):
        return "the post is older than the account's log"
    return "" if seen else "the log has never seen this post"


def _choice(events: Sequence[Recorded[Any]], decision_id: DecisionId) -> Picked | None:
    for recorded in events:
        made = recorded.event
        if isinstance(made, DecisionMade) and made.decision_id == decision_id and made.arm:
            return Picked(
                arm=made.arm,
                propensity=made.propensity,
                explored=made.explored,
                arms_version=made.arms_version,
            )
    return None


def _cost(events: Sequence[Recorded[Any]]) -> float:
    calls = [recorded.event for recorded in events if isinstance(recorded.event, ModelCalled)]
    return float(sum((call.cost_usd for call in calls), Decimal(0)))


def first(events: Sequence[Recorded[Any]], kind: type[E]) -> Recorded[E] | None:
    """Return the first event of a kind."""
    return next((recorded for recorded in events if isinstance(recorded.event, kind)), None)
