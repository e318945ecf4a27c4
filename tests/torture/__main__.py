"""Run the torture: `python -m tests.torture --rounds 50 --seed 1`, all kinds or those named."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from random import Random

import structlog

from edge.settings.build import git_sha
from tests.torture.reporting import Kind, told, verdict
from tests.torture.rounds import (
    browser_kills,
    database_kills,
    database_under_worker,
    pauses,
    races,
    redeliveries,
    worker_kills,
)

KINDS: dict[str, Callable[[Random, int], Awaitable[Kind]]] = {
    "points": lambda random, rounds: worker_kills(random, max(1, rounds // 25)),
    "database": lambda random, rounds: database_kills(random, 2 * rounds),
    "database-worker": lambda random, rounds: database_under_worker(random, max(2, rounds // 5)),
    "browser": lambda random, rounds: browser_kills(random, 4 * rounds),
    "pauses": lambda random, rounds: pauses(random, max(2, rounds // 2)),
    "races": lambda _, rounds: races(8 * rounds),
    "redeliveries": lambda _, rounds: redeliveries(max(3, rounds // 2)),
}
"""Kind -> how many times it is done for so many rounds."""


def main() -> int:
    """Torture as asked and print the figures; 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"of {', '.join(KINDS)}")
    asked = parser.parse_args()
    unknown = set(asked.kinds) - set(KINDS)
    if unknown:
        parser.error(f"no kind {', '.join(sorted(unknown))}; kinds are {', '.join(KINDS)}")
    _hush()
    _say(f"seed {asked.seed}, commit {git_sha()}")
    kinds = [
        asyncio.run(_told(name, KINDS[name](Random(asked.seed), asked.rounds)))
        for name in asked.kinds or KINDS
    ]
    _say(verdict(kinds))
    return 1 if any(kind.faults for kind in kinds) else 0


async def _told(name: str, kind: Awaitable[Kind]) -> Kind:
    """Print the figures of each kind as soon as it is over."""
    sys.stderr.write(f"{name} …\n")
    done = await kind
    _say(told(done))
    return done


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _hush() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)


if __name__ == "__main__":
    sys.exit(main())
