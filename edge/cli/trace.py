"""`trace ID`: every event of the chain that an id belongs to."""

from __future__ import annotations

from typing import Annotated

import typer

from edge.cli.choosing import accounts_of
from edge.cli.opening import asked, reading
from edge.cli.options import AccountOption, JsonOption
from edge.cli.output import say, say_json
from edge.cli.why import timeline
from replay.causes import with_causes
from replay.finding import trace_of
from replay.reading import gather
from replay.source import Log
from replay.told import Told, tell
from schema.errors import GhostproofError
from schema.ids import Account

app = typer.Typer()


@app.command()
def trace(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="Any id of a chain: trace, event, permit, post…")
    ],
    account: AccountOption = None,
    json: JsonOption = False,
) -> None:
    """Print every event of a chain, with what caused it."""
    name, told = asked(_trace(identifier, account))
    if json:
        say_json({"id": identifier, "account": name, "events": told})
    else:
        say(timeline(told))


async def _trace(identifier: str, account: str | None) -> tuple[Account, tuple[Told, ...]]:
    async with reading() as store:
        for name in await accounts_of(store, account):
            if told := await _events(store, name, identifier):
                return name, told
    raise GhostproofError(
        f"no event knows the id {identifier!r}",
        remedy="`ghostproof events` shows ids; --json shows them in full",
    )


async def _events(store: Log, account: Account, identifier: str) -> tuple[Told, ...]:
    found = await trace_of(store, account, identifier)
    if found is None:
        return ()
    chain = await gather(store, account, trace=found)
    return tuple(tell(recorded) for recorded in await with_causes(store, account, chain))
