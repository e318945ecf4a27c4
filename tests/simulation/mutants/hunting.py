"""Hunting: seeds are played, or histories compared with PostgreSQL, until something is wrong."""

from __future__ import annotations

import asyncio
import os

from eventstore.install import install
from tests.doubles.test_same_law import compare
from tests.postgres_fixtures import LOGINS, Database, created
from tests.simulation.playing import hush
from tests.simulation.swarm import play_and_judge

EXAMPLES, STEPS = 150, 40


def by_seed(seeds_max: int) -> str:
    """Return the first seed with a violation, and which; "" when there is none."""
    hush()
    for seed in range(seeds_max):
        played = play_and_judge(seed)
        if played.violations:
            return f"seed {seed}: {played.violations[0]}"
    return ""


def by_property() -> str:
    """Return how PostgreSQL differed from the double; "" when it did not."""
    server_url = os.environ["DATABASE_URL"]
    with created(server_url, f"ghostproof_mutant_{os.getpid()}") as url:
        asyncio.run(install(url, LOGINS, git_sha="0" * 40))
        try:
            compare(Database(url), examples=EXAMPLES, steps=STEPS, shrink=False)
        except AssertionError as error:
            return f"property: {str(error).splitlines()[0]}"
    return ""
