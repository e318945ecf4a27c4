"""How fast a log of a busy account is certified, now and as of the past.

    python bench/certifying.py [days]

The events (23,000 a day, ten days by default) are copied through the log's constraints with times
of their own; then `certify` is asked about now, an hour ago and half of the days ago, three times
each over a fresh connection. Exits 1 if the median of one is above a second.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import psycopg

from bench.copying import copy
from bench.month import Month
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.install import EMBEDDED_LOGINS, install
from eventstore.log_reading import log_reader
from replay.certification import Question, certify
from replay.moment import Moment
from schema.ids import Account

DATABASE, ACCOUNT = "ghostproof_certifying", Account("me")
DAYS, TIMES, MS_MAX = 10.0, 3, 1000.0


async def ask(url: str, question: Question) -> float:
    """Return the milliseconds that one answer takes, its connection included."""
    start = time.perf_counter()
    async with log_reader(url) as log:
        await certify(log, ACCOUNT, question)
    return (time.perf_counter() - start) * 1000


def run(server: EmbeddedPostgres, days: float) -> bool:
    """Fill the database, ask, print; False if an answer was slow."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(f"create database {DATABASE}".encode())
    admin, reader = server.url(DATABASE), server.url(DATABASE, "ghostproof_reader")
    asyncio.run(install(admin, EMBEDDED_LOGINS))
    now = datetime.now(UTC)
    with psycopg.connect(admin) as connection:
        told = Month(now - timedelta(days=days), Random(1)).events(days)
        size = copy(connection, ACCOUNT, told)
    print(f"{size:,} events", flush=True)
    fast = True
    for back in (timedelta(), timedelta(hours=1), timedelta(days=days / 2)):
        question = Question(now=now, until=Moment(at=now - back))
        took = statistics.median(asyncio.run(ask(reader, question)) for _ in range(TIMES))
        print(f"as of {back!s:16} ago {took:7.0f} ms", flush=True)
        fast &= took <= MS_MAX
    return fast


def main(days: float) -> int:
    """Run on a server of its own."""
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        server = EmbeddedPostgres(Path(temporary) / "data")
        with server.lease():
            return 0 if run(server, days) else 1


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else DAYS))
