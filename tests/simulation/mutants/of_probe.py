"""Bugs in the probe of a build: where it must not run, and what it must not claim."""

from __future__ import annotations

from tests.simulation.mutants.mutant import one

PROBER = "handlers/prober.py"
PROBE = "handlers/probe.py"
QUIET = "handlers/quiet.py"
TESTS = ("tests/handlers/test_prober.py",)
QUIETS = ("tests/handlers/test_quiet.py",)

MUTANTS = (
    one(
        "a probe while posting is stopped",
        PROBER,
        "if board.stops or is_quiet(",
        "if is_quiet(",
        tests=TESTS,
    ),
    one(
        "a probe in quiet hours",
        PROBER,
        "if board.stops or is_quiet(rules.schedule, now, event.utc_offset_min):",
        "if board.stops:",
        tests=TESTS,
    ),
    one(
        "a probe of an empty queue",
        PROBER,
        "return choose(board, rules.permit, now) is not None",
        "return True",
        tests=TESTS,
    ),
    one(
        "a probe at every look",
        PROBER,
        "any(same_build(build.git_sha, sha) for sha in build.probed)",
        "False",
        tests=TESTS,
    ),
    one(
        "a probe of a build that proved itself",
        PROBER,
        "if not build.proved:",
        "if True:",
        tests=TESTS,
    ),
    one(
        "an idle build is not probed",
        PROBER,
        "now - build.used_at >= unused",
        "False",
        tests=TESTS,
    ),
    one(
        "a busy build is probed",
        PROBER,
        "now - build.used_at >= unused",
        "True",
        tests=TESTS,
    ),
    one(
        "a probe is tried again at once",
        PROBER,
        "if put_off_at is not None and now - put_off_at < again:",
        "if False:",
        tests=TESTS,
    ),
    one(
        "the rate uses up the build",
        PROBER,
        "event.reason_code in PUTS_OFF",
        "False",
        tests=TESTS,
    ),
    one(
        "every refusal puts the probe off",
        PROBER,
        "event.reason_code in PUTS_OFF",
        "True",
        tests=TESTS,
    ),
    one(
        "any chain ends the probe",
        PROBER,
        "if probe is None or event.scheduler_run_id != probe.scheduler_run_id:",
        "if probe is None:",
        tests=TESTS,
    ),
    one(
        "a redraft ends the probe",
        PROBER,
        "        case DraftRejected(final=False):\n            return []\n",
        "",
        tests=TESTS,
    ),
    one(
        "a probe may take for ever",
        PROBER,
        "return [_given_up(states.board, build.probe)] if late else []",
        "return []",
        tests=TESTS,
    ),
    one(
        "the kill switch fails a probe",
        PROBER,
        "    if board.stops:\n        return _put_off(probe, SlotReason.POSTING_DISABLED)\n",
        "",
        tests=TESTS,
    ),
    one(
        "every probe is a success",
        PROBER,
        "ok=not missing",
        "ok=True",
        tests=TESTS,
    ),
    one(
        "a decided slot puts the probe off",
        PROBER,
        " or event.reason is SlotReason.DECIDED",
        "",
        tests=TESTS,
    ),
    one(
        "the probe has no slot",
        PROBER,
        "return [started, slot]",
        "return [started]",
        tests=TESTS,
    ),
    one(
        "the build before proves this one",
        PROBE,
        "proved=False, put_off_at=None",
        "put_off_at=None",
        tests=TESTS,
    ),
    one(
        "the same build must prove itself again",
        PROBE,
        " if not same_build(event.git_sha, build.git_sha)",
        "",
        tests=TESTS,
    ),
    one(
        "an abbreviated commit is another build",
        PROBER,
        "same_build(build.git_sha, sha)",
        "build.git_sha == sha",
        tests=TESTS,
    ),
    one(
        "an abbreviated commit must prove itself again",
        PROBE,
        "not same_build(event.git_sha, build.git_sha)",
        "event.git_sha != build.git_sha",
        tests=TESTS,
    ),
    one(
        "a build without a name is probed",
        PROBER,
        'if build.git_sha in {"", UNKNOWN}:',
        "if not build.git_sha:",
        tests=TESTS,
    ),
    one(
        "a probe put off uses up the build",
        PROBE,
        "probe=None, probed=left",
        "probe=None",
        tests=TESTS,
    ),
    one(
        "half a chain proves a build",
        PROBE,
        "whole = None not in (event.candidate_id, event.evaluation_id, event.queue_id)",
        "whole = True",
        tests=TESTS,
    ),
    one(
        "a late confirmation is no success",
        PROBE,
        '"posting_success" if isinstance(event, LateConfirmed) else type_of(event)',
        "type_of(event)",
        tests=TESTS,
    ),
    one(
        "the probe's chain has no decision",
        PROBE,
        "if isinstance(event, DecisionMade):",
        "if False:",
        tests=TESTS,
    ),
    one(
        "the probe's chain has no permit",
        PROBE,
        "if isinstance(event, OfPermit):",
        "if False:",
        tests=TESTS,
    ),
    one(
        "quiet hours never run over midnight",
        QUIET,
        "return local >= start or local < end",
        "return local >= start and local < end",
        tests=QUIETS,
    ),
    one(
        "quiet hours end a minute late",
        QUIET,
        "return start <= local < end",
        "return start <= local <= end",
        tests=QUIETS,
    ),
    one(
        "quiet hours are those of UTC",
        QUIET,
        "timedelta(minutes=utc_offset_min)",
        "timedelta(0)",
        tests=QUIETS,
    ),
)
