"""Bugs in looking: looks that end too early, come twice at once, or are awaited for ever."""

from __future__ import annotations

from tests.simulation.mutants.mutant import one

SWEEP = "handlers/settling/sweep.py"
BOOKKEEPING = "handlers/settling/bookkeeping.py"
MISSING = "handlers/settling/missing.py"
RECONCILER = "handlers/settling/reconciler.py"
TESTS = (
    "tests/handlers/test_reconciler_depth.py",
    "tests/handlers/test_reconciler_orphans.py",
)

MUTANTS = (
    one(
        "an attempt without an outcome waits for ever",
        RECONCILER,
        "if now - a.attempted_at >= LOST_AFTER]",
        "if False]",
        tests=TESTS,
    ),
    one(
        "an attempt is given up on at once",
        RECONCILER,
        "if now - a.attempted_at >= LOST_AFTER]",
        "]",
        tests=TESTS,
    ),
    one(
        "a look never goes on",
        SWEEP,
        "if event.complete or not event.posts or",
        "if True or event.complete or",
        tests=TESTS,
    ),
    one(
        "two looks at once",
        SWEEP,
        "return self.awaited_since is not None and now - self.awaited_since < LOST_AFTER",
        "return False",
        tests=TESTS,
    ),
    one(
        "a reading that was lost is awaited for ever",
        SWEEP,
        " and now - self.awaited_since < LOST_AFTER",
        "",
        tests=TESTS,
    ),
    one(
        "a look goes back to before the log",
        SWEEP,
        " or _predates(event, epoch)",
        "",
        tests=TESTS,
    ),
    one(
        "posts that were forgotten are ghosts again",
        SWEEP,
        "JUDGED_MAX = 240",
        "JUDGED_MAX = 2000",
        tests=TESTS,
    ),
    one(
        "a deep attempt is not looked for",
        SWEEP,
        "any(_deeper(attempt, event) for attempt in attempts)",
        "False",
        tests=TESTS,
    ),
    one(
        "an order that was set aside leaves its attempt",
        RECONCILER,
        "if a.order == order]",
        "if False]",
        tests=TESTS,
    ),
    one(
        "any order that was set aside ends an attempt",
        RECONCILER,
        "if a.order == order]",
        "]",
        tests=TESTS,
    ),
    one(
        "a reading that was set aside is awaited",
        BOOKKEEPING,
        'MessageParked(queue="profile")',
        'MessageParked(queue="none")',
        tests=TESTS,
    ),
    one(
        "a failed reading is awaited",
        BOOKKEEPING,
        "case ProfileReadFailed() if event.reading_id == ledger.reading:",
        "case ProfileReadFailed() if False:",
        tests=TESTS,
    ),
    one(
        "what stands above a reading has disappeared",
        MISSING,
        "and (from_top or known.posted_at < newest)",
        "and True",
        tests=TESTS,
    ),
    one(
        "a look that goes on begins anew",
        BOOKKEEPING,
        "sweep = Sweep() if event.older_than is None else ledger.sweep",
        "sweep = Sweep()",
        tests=TESTS,
    ),
)
