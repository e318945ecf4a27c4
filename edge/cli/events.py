"""`events`: the log as it is, newest last, and on as it grows."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from edge.cli.choosing import one_account
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import fitted, say, say_json, table
from replay.moment import NOW, Moment, parse_moment, written
from replay.reading import PAGE, first_since
from replay.source import GrowingLog, Log
from replay.told import tell
from schema.catalogue import EVENT_TYPES
from schema.contracts import Recorded
from schema.errors import BadInput
from schema.ids import Account

POLL_S = 5.0  # a follower looks this often even when nothing wakes it

app = typer.Typer()


@app.command()
def events(  # noqa: PLR0913 -- one parameter per option
    *,
    type_: Annotated[
        list[str] | None, typer.Option("--type", metavar="TYPE", help="Only this; may be repeated.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="TIME|POSITION", help="Nothing from before.")
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", min=1, help="At most so many, the newest.")
    ] = 50,
    follow: Annotated[bool, typer.Option("--follow", help="Go on as the log grows.")] = False,
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Print events, the newest last. With --follow and --json: one JSON object a line."""
    types = _known(type_ or [])
    start = parse_moment(since) if since else NOW
    asked(_events(_Question(types, start, limit, account, follow, json)), endless=follow)


@dataclass(frozen=True)
class _Question:
    types: Sequence[str] | None
    since: Moment
    limit: int
    account: str | None
    follow: bool
    json: bool


def _known(types: Sequence[str]) -> Sequence[str] | None:
    for name in types:
        if name not in EVENT_TYPES:
            raise BadInput(f"no event type {name!r}", remedy="`ghostproof catalogue` lists them")
    return types or None


async def _events(question: _Question) -> None:
    async with reading() as store:
        account = await one_account(store, question.account)
        head = (await store.heads())[account]
        last = await _newest(store, account, question, head)
        if question.follow:
            for recorded in last:
                _print_one(recorded, json=question.json)
            await _follow(store, account, question, head)
        elif question.json:
            say_json({"account": account, "events": [_full(recorded) for recorded in last]})
        else:
            told = [tell(recorded) for recorded in last]
            rows = [(one.position, one.at, one.type, one.actor, one.gist) for one in told]
            say(table(("position", "at", "event", "said by", ""), rows))


async def _newest(
    store: Log, account: Account, question: _Question, head: int
) -> list[Recorded[Any]]:
    """Return the newest events below the head, at most as many as wanted."""
    begin = await first_since(store, account, question.since, head)
    if question.types is None:
        begin = max(begin, head - question.limit)
    kept: deque[Recorded[Any]] = deque(maxlen=question.limit)
    after = begin - 1
    while after < head - 1:
        page = await store.read(account, after=after, limit=PAGE, types=question.types)
        kept.extend(recorded for recorded in page.events if recorded.position < head)
        after = page.upto
    return list(kept)


async def _follow(store: GrowingLog, account: Account, question: _Question, head: int) -> None:
    """Go on from the head that was looked up first, so that nothing is lost in between."""
    after = head - 1
    while True:
        page = await store.read(account, after=after, types=question.types)
        for recorded in page.events:
            _print_one(recorded, json=question.json)
        after = page.upto
        await store.wait(timeout_s=POLL_S)


def _print_one(recorded: Recorded[Any], *, json: bool) -> None:
    if json:
        say_json(_full(recorded))
    else:
        one = tell(recorded)
        line = f"{one.position:>8}  {one.at}  {one.type:<24}  {one.actor:<14}  {one.gist}"
        say(fitted(line))


def _full(recorded: Recorded[Any]) -> dict[str, Any]:
    return {
        "position": recorded.position,
        "type": recorded.type,
        "at": written(recorded.at),
        "event_id": recorded.event_id,
        "trace": recorded.trace,
        "cause": recorded.cause,
        "spends": recorded.spends,
        "actor": recorded.actor,
        "event": recorded.event,
    }
