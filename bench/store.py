"""How fast the event store is, beside a bare table on the same server in the same run.

    python bench/store.py [postgresql://admin@host/postgres]

Trust the ratios, not the absolutes. Without an address an embedded server is started.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import AsyncConnection, conninfo, sql

from eventstore.embedded.postgres import EmbeddedPostgres
from eventstore.install import install
from eventstore.store import PostgresStore
from schema.contracts import Command, Handler, NewEvent, Recorded
from schema.events.base import Event
from schema.events.ghosts import PostDisappeared, ProfileReadFailed
from schema.ids import Account, EventId, ReadingId
from tests.store.chains import Chain, given, ready

LOGINS: dict[str, tuple[str, str | None]] = {
    "gp_app": ("ghostproof_bench_app", "bench"),
    "gp_approver": ("ghostproof_bench_approver", "bench"),
}
REASON = "x" * 200  # makes a body of about 325 bytes
RAW = "insert into raw (stream, version, type, body) values (%s, 1, 'event', %b)"
BODY = b"x" * 325
SINGLE, BULK, CLICKS = 1500, 20_000, 300


def event() -> Command:
    """Return one new event of ordinary size."""
    failed = ProfileReadFailed(reading_id=ReadingId(uuid4()), reason=REASON)
    return Command((NewEvent(EventId(uuid4()), failed),))


class Bench:
    """One database, and the lines printed so far."""

    def __init__(self, admin_url: str) -> None:
        self.admin_url = admin_url
        self.rates: dict[str, float] = {}

    def url(self, group: str) -> str:
        """Return the URL of a login."""
        user, password = LOGINS[group]
        return conninfo.make_conninfo(self.admin_url, user=user, password=password)

    def store(self) -> PostgresStore:
        """Return a store, not connected yet."""
        return PostgresStore(self.url("gp_app"), approver_url=self.url("gp_approver"))

    async def rate(
        self, name: str, count: int, work: Callable[[], Awaitable[object]], raw: str = ""
    ) -> None:
        """Time some work; print events a second, and the ratio to a raw line."""
        start = time.perf_counter()
        await work()
        self.rates[name] = count / (time.perf_counter() - start)
        ratio = f"{self.rates[name] / self.rates[raw]:8.2f} x raw" if raw else ""
        print(f"{name:52}{self.rates[name]:10,.0f}/s {ratio}", flush=True)


async def raw_single(url: str, count: int) -> None:
    """Insert rows one by one, a commit each."""
    async with await AsyncConnection.connect(url, autocommit=True, prepare_threshold=0) as c:
        for _ in range(count):
            await c.execute(RAW, ["me", BODY])


async def raw_copy(url: str, count: int, size: int) -> None:
    """Copy rows, so many a transaction."""
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        for _ in range(count // size):
            cursor = connection.cursor()
            async with cursor.copy(
                "copy raw (stream, version, type, body) from stdin with (format binary)"
            ) as copy:
                copy.set_types(["text", "int4", "text", "bytea"])
                for _ in range(size):
                    await copy.write_row(("me", 1, "event", BODY))


async def append_each(store: PostgresStore, account: Account, count: int) -> None:
    """Append events one by one, a commit each."""
    for _ in range(count):
        await store.append(account, [event()], actor="bench")


async def eight(bench: Bench, account: Account, each: int) -> None:
    """Append one by one through eight stores, connecting included."""
    async with AsyncExitStack() as stack:
        stores = [await stack.enter_async_context(bench.store()) for _ in range(8)]
        await asyncio.gather(*(append_each(store, account, each) for store in stores))


async def append_bulk(store: PostgresStore, account: Account, count: int, size: int) -> None:
    """Append so many events a call."""
    for _ in range(count // size):
        (verdict, *_) = await store.append(account, [event() for _ in range(size)], actor="bench")
        assert verdict.stands


async def produce(store: PostgresStore, account: Account, count: int, producers: int) -> None:
    """Let many producers of one process append one event at a time."""
    await asyncio.gather(
        *(append_each(store, account, count // producers) for _ in range(producers))
    )


async def replay(store: PostgresStore, account: Account) -> None:
    """Read the whole log."""
    page = await store.read(account)
    while page.events:
        page = await store.read(account, after=page.upto)


async def clicks(store: PostgresStore, admin_url: str) -> None:
    """Time click attempts through the whole law, and a bare row committed after each of them."""
    account, times, bare = Account("clicks"), [], []
    await store.open_account(account)
    await given(store, ready(Chain())[0], account=account)
    async with await AsyncConnection.connect(
        admin_url, autocommit=True, prepare_threshold=0
    ) as raw:
        for n in range(CLICKS):
            chain = replace(Chain(str(n)), target=str(n), author=str(n))
            await given(store, *ready(chain)[1:], account=account)
            start = time.perf_counter()
            await given(store, chain.click(), account=account)
            clicked = time.perf_counter()
            await raw.execute(RAW, ["me", BODY])
            times.append((clicked - start) * 1000)
            bare.append((time.perf_counter() - clicked) * 1000)
    _show("click_attempt, ms: p50 / p99", times)
    _show("raw INSERT after each of them, ms: p50 / p99", bare)


def _show(name: str, times: list[float]) -> None:
    cuts = statistics.quantiles(times, n=100)
    print(f"{name:52}{cuts[49]:10.2f} / {cuts[98]:.2f}")


def remember(state: Event | None, recorded: Recorded[ProfileReadFailed]) -> None:
    """Remember nothing."""
    del state, recorded


echo = Handler(
    name="echo",
    hears=(ProfileReadFailed,),
    says=(PostDisappeared,),
    folds={},
    states=dict,
    decide=lambda _, r: [PostDisappeared(reading_id=r.event.reading_id, posted_id="1")],
)


async def handle(store: PostgresStore, account: Account, batch: int) -> None:
    """Let a handler answer every event with another."""
    while await store.run_handler(echo, account, batch=batch):
        pass


async def run(bench: Bench) -> None:
    """Measure everything."""
    admin = bench.admin_url
    await bench.rate("raw INSERT, 1 writer", SINGLE, lambda: raw_single(admin, SINGLE))
    await bench.rate(
        "raw INSERT, 8 writers",
        SINGLE * 4,
        lambda: asyncio.gather(*(raw_single(admin, SINGLE // 2) for _ in range(8))),
    )
    await bench.rate("raw COPY, 100 a transaction", BULK, lambda: raw_copy(admin, BULK, 100))
    await bench.rate("raw COPY, 1,000 a transaction", BULK, lambda: raw_copy(admin, BULK, 1000))
    async with bench.store() as store:
        await measured(bench, store)


async def measured(bench: Bench, store: PostgresStore) -> None:
    """Measure the store against what was measured of a bare table."""
    many = 64
    account, bulk, handled = Account("one"), Account("bulk"), Account("handled")
    for one in (account, bulk, handled):
        await store.open_account(one)
    await bench.rate(
        "append, 1 writer",
        SINGLE,
        lambda: append_each(store, account, SINGLE),
        "raw INSERT, 1 writer",
    )
    await bench.rate(
        "append, 8 stores as of 8 processes",
        SINGLE * 2,
        lambda: eight(bench, account, SINGLE // 4),
        "raw INSERT, 8 writers",
    )
    await bench.rate(
        "group commit, 64 producers in one process",
        BULK // many * many,
        lambda: produce(store, account, BULK, many),
        "raw INSERT, 8 writers",
    )
    for size in (100, 1000):
        await bench.rate(
            f"append, {size:,} a transaction",
            BULK,
            lambda size=size: append_bulk(store, bulk, BULK, size),  # type: ignore[misc]
            f"raw COPY, {size:,} a transaction",
        )
    await bench.rate("replay, decoded", BULK * 2, lambda: replay(store, bulk))
    await append_bulk(store, handled, 5000, 1000)
    await bench.rate(
        "handler, one in, one out, batches of 200", 5000, lambda: handle(store, handled, 200)
    )
    await clicks(store, bench.admin_url)


@contextmanager
def database(admin_url: str) -> Iterator[str]:
    """Make a database for the run."""
    name = sql.Identifier("ghostproof_bench")
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database if exists {} with (force)").format(name))
        connection.execute(sql.SQL("create database {}").format(name))
        url = conninfo.make_conninfo(admin_url, dbname="ghostproof_bench")
        with psycopg.connect(url) as inside:
            inside.execute(
                "create table raw (position bigint generated always as identity primary key,"
                " stream text, version int, type text, body bytea,"
                " recorded_at timestamptz default clock_timestamp())"
            )
        yield url
        connection.execute(sql.SQL("drop database {} with (force)").format(name))


def main(admin_url: str) -> None:
    """Run the benchmark."""
    with database(admin_url) as url:
        asyncio.run(install(url, LOGINS))
        asyncio.run(run(Bench(url)))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(sys.argv[1])
    else:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            with EmbeddedPostgres(Path(folder) / "data").lease() as url:
                main(url)
