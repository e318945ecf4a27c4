"""`status`: one screen of how things stand: now, what is next, and the last runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json, table
from edge.settings.settings import load_settings
from replay.moment import written
from replay.situation import Situation, situation_of
from schema.ids import Account

app = typer.Typer()


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """One account now: `stops` hold posting, `next_due` by job, `runs` the newest first."""

    account: Account
    events: int
    posting: str
    stops: Sequence[dict[str, str]]
    worker_seen: str | None
    queue_size: int
    unknown_outcomes: int
    open_ghosts: int
    next_due: dict[str, str | None]
    runs: Sequence[dict[str, Any]]


@app.command()
def status(account: AccountOption = None, json: JsonOption = False) -> None:
    """Show each account: state, what is due, the last 30 runs."""
    cadence = load_settings().cadence.model_dump()
    found = asked(_status(account, cadence))
    if json:
        say_json({"accounts": found})
        return
    for one in found:
        _show(one)


async def _status(wanted: str | None, cadence: dict[str, int]) -> list[Status]:
    now = datetime.now(UTC)
    async with reading() as log:
        return [
            _of(account, await situation_of(log, account, cadence, now), cadence, now)
            for account in await accounts_of(log, wanted)
        ]


def _of(account: Account, situation: Situation, cadence: dict[str, int], now: datetime) -> Status:
    seen, stopped = situation.worker_seen, situation.evidence.stopped
    return Status(
        account=account,
        events=situation.events,
        posting=f"stopped ({', '.join(stopped.sources)})" if stopped.sources else "allowed",
        stops=[
            {"source": str(stop.source), "why": stop.why, "by": stop.by}
            for stop in stopped.standing
        ],
        worker_seen=written(seen) if seen else None,
        queue_size=len(situation.evidence.live_items(now)),
        unknown_outcomes=len(situation.unknown),
        open_ghosts=situation.open_ghosts,
        next_due={job: _next(situation, job, every) for job, every in cadence.items()},
        runs=[
            {"position": run.position, "at": written(run.at), "run": run.what, "result": run.result}
            for run in reversed(situation.runs)
        ],
    )


def _next(situation: Situation, job: str, every_s: int) -> str | None:
    last = situation.due.get(job)
    return written(last + timedelta(seconds=every_s)) if last else None


def _told(due: str | None) -> str:
    """Return a due time, with a word when it has passed: the worker is late, or none runs."""
    if due is None:
        return "never ran"
    return f"{due}  overdue" if due < written(datetime.now(UTC)) else due


def _show(one: Status) -> None:
    say(f"{one.account}  ({one.events} events, {written(datetime.now(UTC))})")
    facts = [
        ("posting", one.posting),
        *((f"{stop['source']} stop", f"{stop['why']} ({stop['by']})") for stop in one.stops),
        ("worker last seen", one.worker_seen or "never"),
        ("queue", one.queue_size),
        ("unknown outcomes", one.unknown_outcomes),
        ("unacknowledged ghosts", one.open_ghosts),
        *((f"next {job}", _told(at)) for job, at in one.next_due.items()),
    ]
    say(table(("", ""), facts))
    if one.runs:
        rows = [(run["position"], run["at"], run["run"], run["result"]) for run in one.runs]
        say()
        say(table(("position", "at", "run", "result"), rows))
    say()
