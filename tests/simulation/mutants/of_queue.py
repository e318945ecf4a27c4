"""Bugs in the queue: who waits in it and how long, what fills it, and what a slot makes of it."""

from __future__ import annotations

from tests.simulation.mutants.mutant import one

KEEPER = "handlers/queueing/queue_keeper.py"
KEEPERS = ("tests/handlers/test_queue_keeper.py",)
FETCH = "handlers/finding/fetch_planner.py"
FETCHES = ("tests/handlers/test_fetch_planner.py",)
SCHEDULER = "handlers/deciding/scheduler.py"
SCHEDULERS = ("tests/handlers/test_scheduler.py", "tests/handlers/test_choosing.py")
WATCHDOG = "handlers/watching/watchdog.py"
WATCHDOGS = ("tests/handlers/test_watchdog.py",)
AGAIN = "handlers/finding/second_look.py"
AGAINS = ("tests/handlers/test_second_look.py",)

MUTANTS = (
    one(
        "a candidate is queued as often as it passes",
        KEEPER,
        "[] if states.once.queued else",
        "",
        tests=KEEPERS,
    ),
    one(
        "an item never runs out of time",
        KEEPER,
        "if item.expires_at <= now and not item.attempted:",
        "if False:",
        tests=KEEPERS,
    ),
    one(
        "an item runs out of time under a click",
        KEEPER,
        "if item.expires_at <= now and not item.attempted:",
        "if item.expires_at <= now:",
        tests=KEEPERS,
    ),
    one(
        "a stuck selection is never released",
        KEEPER,
        "now - item.selected_at >= stuck_after",
        "False",
        tests=KEEPERS,
    ),
    one(
        "a selection is released at once",
        KEEPER,
        "now - item.selected_at >= stuck_after",
        "True",
        tests=KEEPERS,
    ),
    one(
        "a refusal for the rate loses the candidate",
        KEEPER,
        "if event.reason_code in RELEASING:",
        "if False:",
        tests=KEEPERS,
    ),
    one(
        "five in the queue are too few",
        FETCH,
        "event.queue_size < rules.queue.refill_below",
        "event.queue_size <= rules.queue.refill_below",
        tests=FETCHES,
    ),
    one(
        "a refill starts another",
        FETCH,
        "case FullCycleCompleted(trigger=Trigger.DUE) if",
        "case FullCycleCompleted() if",
        tests=FETCHES,
    ),
    one(
        "a short queue is left short",
        FETCH,
        "event.queue_size < rules.queue.refill_below",
        "False",
        tests=FETCHES,
    ),
    one(
        "tiers order nothing",
        "handlers/deciding/choosing.py",
        "tier = min(item.tier for item in free)",
        "tier = max(item.tier for item in free)",
        tests=SCHEDULERS,
    ),
    one(
        "the oldest goes first",
        "handlers/deciding/choosing.py",
        "-posted_at.timestamp()",
        "posted_at.timestamp()",
        tests=SCHEDULERS,
    ),
    one(
        "an item past its time is decided",
        SCHEDULER,
        " and item.expires_at > now\n",
        "\n",
        tests=SCHEDULERS,
    ),
    one(
        "expired items make a queue",
        SCHEDULER,
        "any(item.expires_at > now for item in board.waiting.values())",
        "bool(board.waiting)",
        tests=SCHEDULERS,
    ),
    one(
        "a lost slot stays open",
        WATCHDOG,
        "if now - since >= lost_after:",
        "if False:",
        tests=WATCHDOGS,
    ),
    one(
        "a lost slot fails in silence",
        WATCHDOG,
        "    return failed, closed\n",
        "    return (closed,)\n",
        tests=WATCHDOGS,
    ),
    one(
        "a restart has no time to fill its slots",
        WATCHDOG,
        "max(slot.started_at, states.slots.booted_at or slot.started_at)",
        "slot.started_at",
        tests=WATCHDOGS,
    ),
    one(
        "who was not judged for want of money never is",
        AGAIN,
        "case CandidateEvaluated() if event.reason in UNJUDGED:",
        "case CandidateEvaluated() if False:",
        tests=AGAINS,
    ),
    one(
        "a second look needs no money",
        AGAIN,
        "if exhausted(states.purse, recorded.at, PURPOSE) is not None:",
        "if False:",
        tests=AGAINS,
    ),
    one(
        "an open circuit is tried with all at once",
        AGAIN,
        "AT_ONCE if states.purse.open_since is None else 1",
        "AT_ONCE",
        tests=AGAINS,
    ),
    one(
        "a second look has no end",
        AGAIN,
        "if one.since > oldest and not one.asked]",
        "if not one.asked]",
        tests=AGAINS,
    ),
    one(
        "a second look is asked for at every look",
        AGAIN,
        "if one.since > oldest and not one.asked]",
        "if one.since > oldest]",
        tests=AGAINS,
    ),
    one(
        "the second verdict is not heard",
        "handlers/finding/screener.py",
        "return replace(state, judged=False)",
        "return state",
        tests=("tests/handlers/test_screener.py",),
    ),
    one(
        "a judge who comes late is believed",
        "handlers/finding/screener.py",
        "reason = outgrown or judged_reason(",
        "reason = judged_reason(",
        tests=("tests/handlers/test_screener.py",),
    ),
)
