"""Histories: what may happen to an account, step by step, and then a quiet time to settle in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from hypothesis import Phase, given, seed, settings
from hypothesis import strategies as st
from msgspec.structs import replace

import handlers
from schema.contracts import Handler
from schema.events.base import permit_ids
from schema.events.drafting import DraftAccepted
from schema.events.fetching import CandidateFound
from schema.events.judging import CandidateEvaluated, Verdict
from schema.events.operations import Job, StopSource
from schema.events.permitting import PermitApproved, PermitCreated
from schema.events.posting import ClickAttempt
from schema.rules import EvaluateRules, FetchRules, PermitRules, PostRules, QueueRules, Rules
from tests.handlers.facts import allowed, created, found, minutes, stopped
from tests.handlers.flow import Flow
from tests.handlers.world import World

Steps = tuple[tuple[str, int], ...]

BASE = Rules(
    handle="me",
    fetch=FetchRules(keywords=("k", "l"), viral=("new",)),
    evaluate=EvaluateRules(blocked_authors=("troll",)),
    permit=PermitRules(per_hour=5, per_day=20, gap_s=120),
)
RULES = (
    BASE,
    Rules(handle="me", fetch=BASE.fetch, permit=PermitRules(approval="human", gap_s=60)),
    Rules(handle="me", permit=PermitRules(per_hour=1, per_day=3, ttl_s=300)),
    Rules(
        handle="me",
        evaluate=EvaluateRules(blocked_authors=("author1", "troll")),
        queue=QueueRules(expires_h=1),
        permit=PermitRules(gap_s=0, per_hour=9, per_author_per_day=2),
        post=PostRules(per_pass=2),
    ),
)
EXAMPLES = 45

BUSY_TURNS, CALM_TURNS = 16, 12
"""Turns of six minutes in which clicks may still get lost, and in which nothing does."""

BUSY_CLICKS = (0, 7, 2, 10, 6, 4, 8)

# The busier a kind, the more often it stands here.
KINDS = (
    *("tick",) * 6,
    *("find",) * 3,
    *("judge",) * 2,
    *("draft",) * 3,
    *("click",) * 4,
    *("read",) * 3,
    "fetch",
    "hand",
    "stop",
    "allow",
    "allow",
    "nap",
    "wake",
    "rules",
    "person",
    *("forge",) * 3,
)
steps: st.SearchStrategy[Steps] = st.lists(
    st.tuples(st.sampled_from(KINDS), st.integers(0, 11)), min_size=60, max_size=160
).map(tuple)


@dataclass
class History:
    """What came of some steps; `world` knows what really happened."""

    flow: Flow
    world: World
    taken: Steps


Check = Callable[[History], None]


def live(taken: Steps, parts: Sequence[Handler] = handlers.ALL) -> History:
    """Take the steps, then let hours pass in which everything settles."""
    flow = Flow(parts)
    history = History(flow, World(flow), taken)
    flow.put_in_force(BASE)
    for kind, how in taken:
        _take(history, kind, how)
        flow.settle()
    _quiet(history)
    return history


@cache
def lived(taken: Steps) -> History:
    """Live a history of the true handlers once for all the properties that look at it."""
    return live(taken)


def holds(check: Check) -> None:
    """Check every history; a counter-example is shrunk."""
    _over_histories(lambda taken: check(lived(taken)), tuple(Phase))


def notices(check: Check, parts: Sequence[Handler] = handlers.ALL) -> bool:
    """Say whether the check fails over the same histories lived by these handlers."""
    try:
        _over_histories(lambda taken: check(live(taken, parts)), (Phase.generate,))
    except AssertionError:
        return True
    return False


def _over_histories(body: Callable[[Steps], None], phases: Sequence[Phase]) -> None:
    # one seed for all, so that every property looks at the same histories
    @seed(2026)
    @settings(max_examples=EXAMPLES, phases=phases, report_multiple_bugs=False)
    @given(steps)
    def over(taken: Steps) -> None:
        body(taken)

    over()


def _take(history: History, kind: str, how: int) -> None:  # noqa: C901 - a case per kind
    flow, world = history.flow, history.world
    match kind:
        case "tick":
            jobs = [Job.WATCHDOG, Job.SCHEDULE, Job.POST, Job.RECONCILE]
            jobs += [Job.FETCH, Job.PROOF] if how % 2 else []
            flow.tick(minutes((1, 3, 5, 10, 16, 35)[how % 6]), jobs)
        case "find":
            flow.say(_found(flow, how))
        case "judge" | "draft" | "click" | "read" | "fetch":
            getattr(world, kind)(how)
        case "hand":
            world.post_by_hand(alike=how > 5)
        case "stop":
            flow.say(stopped(list(StopSource)[how % 3]))
        case "allow":
            flow.say(allowed(list(StopSource)[how % 3]), approver=True)
        case "nap":
            flow.asleep.add(how % len(flow.running))
        case "wake":
            flow.asleep.clear()
        case "rules":
            flow.put_in_force(RULES[how % len(RULES)])
        case "person":
            _approve(flow)
        case _:
            _forge(flow, how)


def _found(flow: Flow, how: int) -> CandidateFound:
    number = len(flow.rows) if how < 9 else how
    author = {9: "me", 10: "troll"}.get(how, f"author{how % 4}")
    return found(
        number, author=author, is_root=how != 11, posted_at=flow.now - timedelta(minutes=how)
    )


def _approve(flow: Flow) -> None:
    """Let a person approve the oldest permit without a verdict that has its text."""
    texts = {row.event.permit_id: row.event.text_hash for row in flow.of(DraftAccepted)}
    for row in flow.of(PermitCreated):
        if row.position not in flow.log.spent and row.event.permit_id in texts:
            approval = PermitApproved(
                **permit_ids(row.event),
                spends=row.event_id,
                ttl_s=1800,
                approved_by="person",
                text_hash=texts[row.event.permit_id],
            )
            flow.say(approval, approver=True)
            return


def _forge(flow: Flow, how: int) -> None:
    """Let something happen that no rule of ours would do."""
    number = 1000 + len(flow.rows)
    match how % 5:
        case 0:
            flow.say(created(number, pipeline_source="elsewhere"))
        case 1:
            flow.say(created(number, target_is_root=False))
        case 2:
            flow.say(created(number, target_author="me"))
        case 3:
            _repeat_target(flow, number)
        case _:
            passed = [r for r in flow.of(CandidateEvaluated) if r.event.verdict is Verdict.PASS]
            for row in passed[-1:]:
                flow.say(row.event)


def _repeat_target(flow: Flow, number: int) -> None:
    for row in flow.of(ClickAttempt)[-1:] or flow.of(PermitCreated)[-1:]:
        flow.say(replace(created(number), target_post_id=row.event.target_post_id))


def _quiet(history: History) -> None:
    flow, world = history.flow, history.world
    flow.asleep.clear()
    flow.put_in_force(BASE)
    for source in StopSource:
        flow.say(allowed(source), approver=True)
    for turn in range(BUSY_TURNS + CALM_TURNS):
        busy = turn < BUSY_TURNS
        how = BUSY_CLICKS[turn % len(BUSY_CLICKS)] if busy else 0
        jobs = [Job.WATCHDOG, Job.POST, Job.RECONCILE]
        flow.tick(minutes(6), [*jobs, Job.SCHEDULE] if busy else jobs)
        flow.settle()
        while _carried_out(world, how):
            flow.settle()


def _carried_out(world: World, how: int) -> bool:
    done = [world.judge(0), world.draft(0), world.click(how), world.read(0), world.fetch(0)]
    return any(done)
