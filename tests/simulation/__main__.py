"""Run the simulation: `python -m tests.simulation --seeds 500`, or replay one with `--seed 7`."""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from tests.simulation.judging import violations
from tests.simulation.month import live, told
from tests.simulation.playing import hush, play
from tests.simulation.reporting import problems, report
from tests.simulation.seen import log_hash
from tests.simulation.swarm import Swarm, play_many, processors

TELL_EVERY = 50
DAYS_DEFAULT = 500


def main() -> int:
    """Play what was asked for; 0 when nothing is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="replay this one seed")
    parser.add_argument("--seeds", type=int, help="how many; 500 days or one month")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--jobs", type=int, default=processors(), help="processes")
    parser.add_argument("--days", type=float, help="live through so many ordinary days instead")
    parser.add_argument("--verbose", action="store_true", help="with --seed: print the log")
    asked = parser.parse_args()
    hush()
    if asked.days is not None:
        return _months(asked)
    if asked.seed is not None:
        return _replay(asked.seed, verbose=asked.verbose)
    seeds = range(asked.first, asked.first + (asked.seeds or DAYS_DEFAULT))
    swarm = play_many(seeds, jobs=asked.jobs, tell=_tell)
    sys.stdout.write(f"{report(swarm)}\n")
    return 1 if problems(swarm) else 0


def _months(asked: argparse.Namespace) -> int:
    first, count = (asked.first, asked.seeds or 1) if asked.seed is None else (asked.seed, 1)
    seeds = range(first, first + count)
    months = []
    with ProcessPoolExecutor(asked.jobs, initializer=hush) as pool:
        for month in pool.map(live, seeds, repeat(asked.days)):
            sys.stdout.write(f"{told(month)}\n")
            sys.stdout.flush()
            months.append(month)
    return 1 if any(month.wrong for month in months) else 0


def _tell(swarm: Swarm) -> None:
    if swarm.seen.seeds % TELL_EVERY == 0:
        sys.stderr.write(
            f"{swarm.seen.seeds} seeds, {len(swarm.failed)} failed, {swarm.seconds:.0f} s\n"
        )


def _replay(seed: int, *, verbose: bool) -> int:
    scene = play(seed)
    out = sys.stdout.write
    if verbose:
        for row in scene.server.log(scene.account).rows:
            out(f"{row.position:5} {row.at:%d %H:%M:%S} {row.type:24} {row.actor:16}")
            out(f" cause {row.cause} spends {row.spends}\n")
        for press in scene.forum.presses:
            out(f"pressed at {press.at:.1f} s under permit {press.permit_id}\n")
    rates = ", ".join(f"{kind} {rate:.4f}" for kind, rate in scene.faults.rates.items())
    out(f"seed {seed}, {len(scene.hosts)} hosts, rates: {rates}\n")
    out(f"struck: {dict(scene.faults.struck)}\nlog {log_hash(scene)}\n")
    found = violations(scene)
    out("\n".join([*found, f"{len(found)} violations"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
