"""Bugs in the rules: permits, queue, slots, reconciliation of posts, and the tree."""

from __future__ import annotations

from tests.simulation.mutants.mutant import Edit, Mutant, one

WARDEN = "handlers/permits/permit_warden.py"
KEEPER = "handlers/queueing/queue_keeper.py"
EXPLAINING = "handlers/settling/explaining.py"
SIGHTINGS = "handlers/settling/sightings.py"
MISSING = "handlers/settling/missing.py"
RECONCILER = "handlers/settling/reconciler.py"
TRIPWIRE = "handlers/clicking/tripwire.py"

MUTANTS = (
    one(
        "permits never expire",
        WARDEN,
        "ward.expires_at is not None and ward.expires_at <= recorded.at",
        "False",
    ),
    one(
        "a stop revokes nothing",
        WARDEN,
        "                if ward.expires_at is not None\n",
        "                if False\n",
    ),
    one(
        "a challenge does not stop posting",
        TRIPWIRE,
        "case SiteChallenged() if not states.switch.on:",
        "case SiteChallenged() if False:",
    ),
    one(
        "queue items never expire",
        KEEPER,
        "if item.expires_at <= now and not item.attempted:",
        "if False:",
    ),
    one(
        "any text proves a post",
        SIGHTINGS,
        "        normalised(shown(post)) == normalised(attempt.text)\n        and post",
        "        post",
    ),
    one(
        "a post under way is called a ghost",
        SIGHTINGS,
        "return unsettled and _late_enough",
        "return False and _late_enough",
    ),
    one(
        "abandoned before the time is over",
        MISSING,
        "readings >= rules.settle_readings and waited",
        "readings >= rules.settle_readings or waited",
    ),
    Mutant(
        "incomplete readings count",
        (
            Edit(MISSING, " or not event.complete:", ":"),
            Edit(
                "handlers/settling/mark.py",
                "counts = event.complete and ledger",
                "counts = ledger",
            ),
        ),
    ),
    one(
        "ghosts are passed over",
        EXPLAINING,
        "    return None if ledger.sweep.deep else _ghost(ledger, post, recorded)\n",
        "    return None\n",
    ),
    one(
        "a twin is called unexplained",
        EXPLAINING,
        "if twin else GhostKind",
        "if False else GhostKind",
    ),
    one(
        "posts of the first hours predate the log",
        EXPLAINING,
        "else ledger.epoch - CLOCK_TOLERANCE",
        "else ledger.epoch + 200 * CLOCK_TOLERANCE",
    ),
    one(
        "unknown outcomes are read at the ordinary pace",
        RECONCILER,
        "return rules.read_every_unknown_s",
        "return rules.read_every_s",
    ),
    one(
        "a draft that never comes is waited for",
        "handlers/writing/drafting.py",
        "    if states.work.overdue:\n",
        "    if False:\n",
        tests=("tests/handlers/test_drafting.py",),
    ),
    one(
        "a lost fetch is never closed",
        "handlers/finding/fetch_planner.py",
        "now - started_at < lost_after",
        "now >= started_at",
    ),
    one(
        "a head of the tree claims less than it covers",
        "edge/worker/sealing.py",
        "size=tree.size,",
        "size=tree.size - 1,",
    ),
    one(
        "what another worker held is looked at no more",
        "edge/worker/folding.py",
        "if came is not None and came < BATCH:",
        "if (came or 0) < BATCH:",
        tests=("tests/worker/test_folding.py",),
    ),
    one(
        "what is new concerns nobody",
        "edge/worker/folding.py",
        "elif seen < head:",
        "elif False:",
        tests=("tests/worker/test_folding.py",),
    ),
    Mutant(
        "poison is delivered for ever",
        (Edit("eventstore/leasing.py", "READS_MAX = 5 ", "READS_MAX = 10**9 "),),
    ),
)
