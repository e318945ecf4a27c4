"""Hunting: seeds are played, or histories compared with PostgreSQL, until something is wrong."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress

import psycopg

from eventstore.install import install
from tests.doubles.comparing import compare
from tests.doubles.tally import Tally
from tests.postgres_fixtures import LOGINS, Database, created
from tests.simulation.playing import hush
from tests.simulation.swarm import play_and_judge

EXAMPLES, STEPS = 200, 20


def by_seed(seeds_max: int) -> str:
    """Return the first seed with a violation, and which; "" when there is none."""
    hush()
    for seed in range(seeds_max):
        played = play_and_judge(seed)
        if played.violations:
            return f"seed {seed}: {played.violations[0]}"
    return ""


def by_property() -> str:
    """Return in which history PostgreSQL differed from the double, and in what; "" for none."""
    tally = Tally()
    server_url = os.environ["DATABASE_URL"]
    with created(server_url, f"ghostproof_mutant_{os.getpid()}") as url:
        _install(server_url, url)
        with suppress(AssertionError):
            compare(Database(url), tally, examples=EXAMPLES, steps=STEPS, shrink=False)
    return tally.differed


def _install(server_url: str, url: str) -> None:
    """Install while no other hunt does: they share the server and so its roles."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("select pg_advisory_lock(1)")
        asyncio.run(install(url, LOGINS, git_sha="0" * 40))
