"""How fast operators' questions are answered on a log of a million events.

    python bench/operators.py [folder]

The events are copied through the log's constraints with times of their own, a month and a half of
one account; the read models are folded by their projectors. With a folder the database stays there
and a second run asks at once. Each question is asked once cold (a fresh connection; the server's
cache is what it is) and five times warm; exits 1 if the median of one is above 50 ms.
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
from typing import Any

import psycopg

from bench.copying import copy
from bench.month import Month
from bench.operator_queries import queries
from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.install import EMBEDDED_LOGINS, install
from eventstore.store import PostgresStore
from projectors import VIEWS
from schema.ids import Account

DATABASE, ACCOUNT = "ghostproof_million", Account("me")
DAYS = 43.5  # at 23,000 events a day, a million
WARM, MS_MAX = 5, 50.0
IDS = """
select d.tweet_id as tweet, d.decision_id as decision, p.permit_id as permit, p.run_id as run,
  c.queue_id as queue, c.target_tweet_id as target,
  (select id from candidate_evaluations order by created_at desc limit 1) as evaluation,
  (select tweet_id from ghost_tweets order by detected_at desc limit 1) as ghost
from posted_decisions d join post_attempts p on p.actual_tweet_id = d.tweet_id
join content_generation_metadata_comprehensive c on c.decision_id = d.decision_id
order by d.posted_at desc limit 1
"""


def fill(admin_url: str) -> None:
    """Write the log, and let PostgreSQL count it as autovacuum would by and by."""
    begin = datetime.now(UTC) - timedelta(days=DAYS)
    start = time.perf_counter()
    with psycopg.connect(admin_url) as connection:
        size = copy(connection, ACCOUNT, Month(begin, Random(1)).events(DAYS))
    took = time.perf_counter() - start
    print(f"copied {size:,} events, {size / took:,.0f}/s", flush=True)


async def fold(app_url: str) -> None:
    """Fold every read model from the log."""
    async with PostgresStore(app_url, approver_url=app_url) as store:
        for name, view in VIEWS.items():
            start, events = time.perf_counter(), 0
            while came := await store.run_projector(view, ACCOUNT):
                events += came
            rate = events / (time.perf_counter() - start)
            print(f"folded {name:12} {events:9,} events {rate:10,.0f}/s", flush=True)


async def rebuild(app_url: str) -> None:
    """Fold every read model anew, as `ghostproof rebuild` does."""
    began = time.perf_counter()
    async with PostgresStore(app_url, approver_url=app_url) as store:
        for name, view in VIEWS.items():
            start = time.perf_counter()
            events = await store.rebuild_view(view, ACCOUNT)
            print(f"rebuilt {name:12} {events:9,} events {time.perf_counter() - start:7.1f} s")
    print(f"rebuilt all of them in {time.perf_counter() - began:.1f} s", flush=True)


def ask(url: str) -> list[tuple[str, float, float, int]]:
    """Return name, cold and warm milliseconds and rows of each question."""
    with psycopg.connect(url) as connection:
        cursor = connection.execute(IDS)
        names = [column.name for column in cursor.description or ()]
        ids = dict(zip(names, cursor.fetchone() or (), strict=True))
    return [(name, *_timed(url, query, ids)) for name, query in queries().items()]


def _timed(url: str, query: str, ids: dict[str, Any]) -> tuple[float, float, int]:
    times, rows = [], 0
    with psycopg.connect(url, cursor_factory=psycopg.ClientCursor) as connection:
        for _ in range(1 + WARM):
            start = time.perf_counter()
            rows = len(connection.execute(query.encode(), ids).fetchall())
            times.append((time.perf_counter() - start) * 1000)
    return times[0], statistics.median(times[1:]), rows


def run(server: EmbeddedPostgres) -> bool:
    """Fill the database unless it is there, ask everything, print; False if one was slow."""
    url, admin = server.url(DATABASE, "ghostproof_operator"), server.url(DATABASE)
    with psycopg.connect(server.url(), autocommit=True) as connection:
        query = "select from pg_database where datname = %s"
        fresh = connection.execute(query, [DATABASE]).fetchone() is None
        if fresh:
            connection.execute(f"create database {DATABASE}".encode())
    asyncio.run(install(admin, EMBEDDED_LOGINS))
    if fresh:
        fill(admin)
    asyncio.run(fold(server.url(DATABASE, "ghostproof_app")))
    asyncio.run(rebuild(server.url(DATABASE, "ghostproof_app")))
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute("vacuum analyze")
    answered = ask(url)
    for name, cold, warm, rows in sorted(answered, key=lambda line: line[2]):
        print(f"{name:46} cold {cold:8.1f} ms  warm {warm:7.1f} ms  {rows:6,} rows")
    slowest = max(warm for _, _, warm, _ in answered)
    print(f"{len(answered)} questions, the slowest {slowest:.1f} ms")
    return slowest <= MS_MAX


def main(folder: Path) -> int:
    """Run on a server in this folder."""
    server = EmbeddedPostgres(folder / "data")
    with server.lease():
        return 0 if run(server) else 1


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(Path(sys.argv[1])))
    with tempfile.TemporaryDirectory() as temporary:
        Path(temporary).chmod(0o755)
        sys.exit(main(Path(temporary)))
